import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isRegistrarError } from '../../model/errors.js';
import { KEK_FILE, STORE_FILE } from '../../registry/data-directory.js';
import { keysNotIn } from '../../registry/secrets/key-file.js';
import { ok, problem, unknown } from './check.js';
import type { DoctorCheck, Finding } from './check.js';
import { storedFacts } from './store.js';

/** Whether the keys are there that the values of Secrets were encrypted with. */
export const KEYS: DoctorCheck = {
  id: 'keys',
  look(place) {
    const { dataDir, hasKeysElsewhere } = place;
    if (!existsSync(join(dataDir, STORE_FILE))) return unknown('there is no store yet');
    const { keyIds } = storedFacts(place);
    if (keyIds.length === 0) return ok('no Secret has a value');
    if (hasKeysElsewhere)
      return unknown('they come from elsewhere: the daemon tells whether they fit');
    try {
      return judgeKeys(join(dataDir, KEK_FILE), keyIds);
    } catch (error) {
      if (isRegistrarError(error)) return problem(error.message);
      throw error;
    }
  },
};

function judgeKeys(path: string, needed: readonly string[]): Finding {
  const missing = keysNotIn(path, needed);
  if (missing.length === 0) return ok(`"${path}" opens all values of Secrets`);
  return problem(
    `values of Secrets need ${missing.length === 1 ? 'the key' : 'keys'} ${missing.join(', ')}, which "${path}" does not have`,
    'put the folder "keys" of this registrar back, or name where they are with --kek-command',
  );
}
