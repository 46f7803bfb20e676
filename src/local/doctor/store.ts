import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isRegistrarError } from '../../model/errors.js';
import { checkStore } from '../../registry/backup/stored-facts.js';
import { refuseCutOff, refuseEmptied } from '../../registry/damage.js';
import { STORE_FILE } from '../../registry/data-directory.js';
import { readHistoryNote } from '../../registry/history-note.js';
import { ok, oncePerLook, problem, unknown } from './check.js';
import type { DoctorCheck } from './check.js';

/** Reads all of the store, which takes a while for a large one. */
export const storedFacts = oncePerLook(({ dataDir }) => checkStore(join(dataDir, STORE_FILE)));

/** Whether the store is whole; it is only read, also while a daemon writes to it. */
export const STORE: DoctorCheck = {
  id: 'store',
  look(place) {
    const { dataDir } = place;
    const path = join(dataDir, STORE_FILE);
    const note = readHistoryNote(dataDir);
    try {
      refuseEmptied(path, note);
      if (!existsSync(path)) return unknown('there is none yet');
      const { epoch, resourceVersion } = storedFacts(place);
      refuseCutOff(path, { epoch, counter: resourceVersion }, note);
      return ok(`it is whole, and has come to resourceVersion ${resourceVersion}`);
    } catch (error) {
      if (isRegistrarError(error, 'STORE_DAMAGED', 'SCHEMA_TOO_NEW')) return problem(error.message);
      throw error;
    }
  },
};
