import { accessSync, constants, existsSync } from 'node:fs';
import { refuseLoose } from '../../registry/loose-files.js';
import { isRegistrarError } from '../../model/errors.js';
import { ok, problem, warning } from './check.js';
import type { DoctorCheck } from './check.js';

/** Whether the data directory is there, for this user, and for nobody else. */
export const DATA_DIRECTORY: DoctorCheck = {
  id: 'data-directory',
  look({ dataDir }) {
    if (!existsSync(dataDir)) {
      return warning(`"${dataDir}" does not exist`, 'start the daemon, or name it with --data-dir');
    }
    try {
      accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
      refuseLoose(dataDir);
      return ok(`"${dataDir}" is for this user alone`);
    } catch (error) {
      if (isRegistrarError(error)) return problem(error.message);
      return problem(
        `"${dataDir}": ${(error as Error).message}`,
        'run this as the user of the daemon',
      );
    }
  },
};
