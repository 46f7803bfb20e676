import { accessSync, closeSync, constants, existsSync, mkdirSync, openSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { isRegistrarError, RegistrarError } from '../model/errors.js';
import { closeNewFolder, refuseLoose } from './loose-files.js';
import { codeOf, reasonOf } from './sqlite-error.js';

/** The database, in the data directory. */
export const STORE_FILE = 'registrar.db';
/** Folder of the keys that the values of Secrets are encrypted with. */
export const KEY_FOLDER = 'keys';
/** The keys themselves, where they do not come from elsewhere. */
export const KEK_FILE = join(KEY_FOLDER, 'kek');
/** The key of the fingerprints by which values are compared. */
export const FINGERPRINT_FILE = join(KEY_FOLDER, 'fingerprint');
/** There while a backup is put in the place of the store. */
export const RESTORING_FILE = 'restoring';

/** Makes the data directory for its owner alone. DATA_DIR_UNUSABLE, also when it is for others too. */
export function prepareDataDirectory(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    if (!existsSync(join(dataDir, STORE_FILE))) closeNewFolder(dataDir);
    refuseLoose(dataDir);
  } catch (cause) {
    throw isRegistrarError(cause) ? cause : unusable(dataDir, cause);
  }
}

/** Makes an empty file that only its owner can read, unless there is one. */
export function preparePrivateFile(path: string): void {
  try {
    // Only ever opened to create it: closing any other descriptor of a database file would free
    // the locks that SQLite holds on it in this process.
    closeSync(openSync(path, 'ax', 0o600));
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

/** DATA_DIR_UNUSABLE when a restore did not come to its end: there may be half a store, or none. */
export function refuseHalfRestored(dataDir: string): void {
  if (!existsSync(join(dataDir, RESTORING_FILE))) return;
  throw new RegistrarError(
    'DATA_DIR_UNUSABLE',
    `Cannot use data directory "${dataDir}": a restore was interrupted; run "registrar restore" again`,
  );
}

/** Says why the data directory cannot be used, and what to do. */
export function unusable(dataDir: string, cause: unknown): RegistrarError {
  const text = `Cannot use data directory "${dataDir}": ${reasonOf(cause)}; ${remedy(cause)}`;
  return new RegistrarError('DATA_DIR_UNUSABLE', text, { cause });
}

const CHOOSE = 'choose another with --data-dir';

function remedy(cause: unknown): string {
  switch (codeOf(cause)) {
    case 'ENOTDIR':
    case 'EEXIST':
      return `move the file that is in its place away or ${CHOOSE}`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'SQLITE_READONLY':
    case 'SQLITE_CANTOPEN':
      return `make it writable for user "${userInfo().username}" or ${CHOOSE}`;
    case 'ENOSPC':
    case 'SQLITE_FULL':
      return `free disk space or ${CHOOSE}`;
    default:
      return `check its files and disk or ${CHOOSE}`;
  }
}
