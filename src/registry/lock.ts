import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { RegistrarError } from '../model/errors.js';
import { preparePrivateFile } from './data-directory.js';
import { codeOf } from './sqlite-error.js';

/** Who holds a data directory. */
export interface LockHolder {
  readonly pid: number;
  /** RFC 3339. */
  readonly startedAt: string;
}

/**
 * Takes the data directory for this process alone; returns the function that frees it. The lock is
 * SQLite's on a file of its own, held by the kernel: it is free the moment the process is gone,
 * however it went. DATA_DIR_LOCKED names the holder, from a side file that is only ever read for
 * this message.
 */
export function acquireLock(dataDir: string, startedAt: string): () => void {
  const path = join(dataDir, 'lock.db');
  const holderPath = join(dataDir, 'lock.json');
  preparePrivateFile(path);
  const connection = lockFile(path, dataDir, holderPath);
  const release = () => {
    try {
      // Before the lock goes: afterwards it could be the next holder's.
      rmSync(holderPath, { force: true });
    } finally {
      connection.close();
    }
  };
  try {
    const holder: LockHolder = { pid: process.pid, startedAt };
    writeFileSync(holderPath, `${JSON.stringify(holder)}\n`, { mode: 0o600 });
    return release;
  } catch (error) {
    release();
    throw error;
  }
}

function lockFile(path: string, dataDir: string, holderPath: string): Sqlite.Database {
  const connection = new Sqlite(path, { timeout: 0 });
  try {
    connection.exec('BEGIN EXCLUSIVE');
    return connection;
  } catch (error) {
    connection.close();
    throw isBusy(error) ? locked(dataDir, readHolder(holderPath), error) : error;
  }
}

function isBusy(error: unknown): boolean {
  return codeOf(error).startsWith('SQLITE_BUSY');
}

// Absent or half written for the moment between taking the lock and saying so.
function readHolder(path: string): LockHolder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as LockHolder;
  } catch {
    return undefined;
  }
}

function locked(dataDir: string, holder: LockHolder | undefined, cause: unknown): RegistrarError {
  const who =
    holder === undefined
      ? 'another registrar'
      : `the registrar with process id ${holder.pid}, started ${holder.startedAt}`;
  const text = `Data directory "${dataDir}" is in use by ${who}; stop it or choose another with --data-dir`;
  return new RegistrarError('DATA_DIR_LOCKED', text, { cause });
}
