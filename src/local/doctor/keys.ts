import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isRegistrarError } from '../../model/errors.js';
import { checkStore } from '../../registry/backup/stored-facts.js';
import { KEY_FOLDER, STORE_FILE } from '../../registry/data-directory.js';
import { readKeys } from '../../registry/secrets/key-file.js';
import { ok, problem, unknown } from './check.js';
import type { DoctorCheck } from './check.js';

/** Whether there is a key to read the values of Secrets with. */
export const KEYS: DoctorCheck = {
  id: 'keys',
  look({ dataDir, hasKeysElsewhere }) {
    const store = join(dataDir, STORE_FILE);
    if (!existsSync(store)) return unknown('there is no store yet');
    if (!checkStore(store).hasSecrets) return ok('no Secret has a value');
    if (hasKeysElsewhere)
      return unknown('they come from elsewhere: the daemon tells whether they fit');
    const path = join(dataDir, KEY_FOLDER, 'kek');
    try {
      const count = readKeys(path)?.length;
      if (count !== undefined)
        return ok(`"${path}" has ${count === 1 ? 'a key' : `${count} keys`}`);
    } catch (error) {
      if (isRegistrarError(error)) return problem(error.message);
      throw error;
    }
    return problem(
      `Secrets have values, and there is no key in "${path}"`,
      'put the folder "keys" of this registrar back, or name where they are with --kek-command',
    );
  },
};
