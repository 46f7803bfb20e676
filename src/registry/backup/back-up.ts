import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { syncFolder } from '../../lib/durable-file.js';
import { isRegistrarError, RegistrarError } from '../../model/errors.js';
import { preparePrivateFile, STORE_FILE, unusable } from '../data-directory.js';
import { writeBackupFile } from './backup-file.js';
import type { BackupHeader } from './backup-file.js';
import { readKeyFiles } from './key-files.js';
import { checkStore } from './stored-facts.js';

export interface BackupRequest {
  readonly dataDir: string;
  /** Where the backup goes. */
  readonly file: string;
  /** Whether a file that is there is replaced. */
  readonly force: boolean;
  /** Whether the keys are in it: whoever has it can then read the values of all Secrets. */
  readonly withKeys: boolean;
  readonly registrarVersion: string;
  /** RFC 3339. */
  readonly now: string;
}

/**
 * Copies the store of a data directory into one file, as it is at one moment, also while a daemon
 * writes to it. The file is there as a whole or not at all. Rejects with NOT_FOUND without a store,
 * BAD_REQUEST when the file is there, DATA_DIR_UNUSABLE when the store cannot be read.
 */
export async function backUp(request: BackupRequest): Promise<BackupHeader> {
  const { dataDir, file, force } = request;
  if (!force && existsSync(file)) throw exists(file);
  const source = join(dataDir, STORE_FILE);
  if (!existsSync(source)) {
    throw new RegistrarError(
      'NOT_FOUND',
      `There is no store in "${dataDir}"; name it with --data-dir`,
    );
  }
  const draft = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  const snapshot = `${draft}.db`;
  try {
    takeSnapshot(source, snapshot);
    const header = headerOf(request, snapshot);
    await writeBackupFile(draft, header, snapshot);
    await putInPlace(draft, file, force);
    return header;
  } catch (error) {
    throw isRegistrarError(error) ? error : unusable(dataDir, error);
  } finally {
    await Promise.all([draft, snapshot].map((path) => rm(path, { force: true })));
  }
}

/** Without pages that were freed: what was deleted is not in it. */
function takeSnapshot(source: string, snapshot: string): void {
  preparePrivateFile(snapshot);
  const db = new Sqlite(source, { readonly: true, fileMustExist: true });
  try {
    db.prepare('VACUUM INTO ?').run(snapshot);
  } finally {
    db.close();
  }
}

function headerOf(request: BackupRequest, snapshot: string): BackupHeader {
  const { instanceId, resourceVersion } = checkStore(snapshot);
  const { registrarVersion, now: madeAt, withKeys, dataDir } = request;
  const keys = withKeys ? readKeyFiles(dataDir) : {};
  return { madeAt, registrarVersion, instanceId, resourceVersion, keys };
}

async function putInPlace(draft: string, file: string, force: boolean): Promise<void> {
  if (force) await rename(draft, file);
  // Unlike a rename, a link never takes the place of a file that came meanwhile.
  else await link(draft, file).catch((error: NodeJS.ErrnoException) => refuse(error, file));
  await syncFolder(dirname(file));
}

function refuse(error: NodeJS.ErrnoException, file: string): never {
  throw error.code === 'EEXIST' ? exists(file) : error;
}

const exists = (file: string): RegistrarError =>
  new RegistrarError(
    'BAD_REQUEST',
    `File "${file}" exists; name another one with --output, or say --force`,
  );
