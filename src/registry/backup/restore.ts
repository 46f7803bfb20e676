import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { PRIVATE_FILE, syncFolder } from '../../lib/durable-file.js';
import { isRegistrarError } from '../../model/errors.js';
import { RESTORE_HELD_ANNOTATION } from '../../model/names.js';
import {
  KEK_FILE,
  prepareDataDirectory,
  RESTORING_FILE,
  STORE_FILE,
  unusable,
} from '../data-directory.js';
import { acquireLock } from '../lock.js';
import { readBackupFile } from './backup-file.js';
import type { BackupHeader } from './backup-file.js';
import { keysNotIn } from '../secrets/key-file.js';
import { checkKeyFiles, writeKeyFiles } from './key-files.js';
import { checkStore } from './stored-facts.js';
import type { StoredFacts } from './stored-facts.js';

export interface RestoreRequest {
  readonly file: string;
  readonly dataDir: string;
  /** RFC 3339. */
  readonly now: string;
}

export interface Restored {
  readonly header: BackupHeader;
  /** Folder with the store that was there; undefined without one. */
  readonly keptIn: string | undefined;
  /** Whether there are values of Secrets that no key there opens. */
  readonly lacksKeys: boolean;
  /** Modules that are held if they have containers that the backup does not know. */
  readonly held: number;
}

/** More than a store gives out between a backup and its loss. */
const VERSIONS_LOST = 1_000_000_000;
/** Of one database, in the order in which they are put away. */
const FILES = ['', '-wal', '-shm'].map((ending) => `${STORE_FILE}${ending}`);

/**
 * Puts a backup in the place of the store of a data directory. Nothing is touched before all of the
 * backup was verified. Rejects with DATA_DIR_LOCKED while a daemon runs, BAD_REQUEST for what is no
 * whole backup, SCHEMA_TOO_NEW, CONFLICT when its keys are not those there, DATA_DIR_UNUSABLE.
 */
export async function restore({ file, dataDir, now }: RestoreRequest): Promise<Restored> {
  prepareDataDirectory(dataDir);
  const release = acquireLock(dataDir, now);
  const draft = join(dataDir, `${STORE_FILE}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const header = await readBackupFile(file, draft);
    checkKeyFiles(dataDir, header.keys);
    const facts = checkStore(draft);
    const held = beginHistory(draft, facts, now);
    // First, so that no daemon ever makes keys of its own for a store that was restored.
    writeKeyFiles(dataDir, header.keys);
    const keptIn = await exchange(dataDir, draft, now);
    return { header, keptIn, lacksKeys: lacksKeys(dataDir, facts), held };
  } catch (error) {
    throw isRegistrarError(error) ? error : unusable(dataDir, error);
  } finally {
    await rm(draft, { force: true });
    release();
  }
}

function lacksKeys(dataDir: string, { keyIds }: StoredFacts): boolean {
  try {
    return keysNotIn(join(dataDir, KEK_FILE), keyIds).length > 0;
  } catch {
    // The store is restored already: what is wrong with the file is told by who needs it.
    return true;
  }
}

/**
 * A new epoch, and resourceVersions that nobody has seen: what happened after the backup is not in
 * this history, and nobody may take a part of the one for the other. Holds all modules, before any
 * daemon sees them; returns how many.
 */
function beginHistory(path: string, { resourceVersion }: StoredFacts, now: string): number {
  const db = new Sqlite(path, { fileMustExist: true });
  try {
    db.pragma('synchronous = FULL');
    const put = db.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)');
    const hold = db.prepare('UPDATE subnet_modules SET annotations = json_set(annotations, ?, ?)');
    return db.transaction(() => {
      put.run('epoch', randomUUID());
      put.run('resource_version', String(resourceVersion + VERSIONS_LOST));
      put.run('restored_at', now);
      db.exec('DELETE FROM changes');
      return hold.run(`$."${RESTORE_HELD_ANNOTATION}"`, 'true').changes;
    })();
  } finally {
    db.close();
  }
}

/**
 * Puts the old files away and the new one in place. A process that dies in between leaves a note,
 * with which no daemon starts: it would make an empty store.
 */
async function exchange(dataDir: string, draft: string, now: string): Promise<string | undefined> {
  const at = (name: string): string => join(dataDir, name);
  const old = FILES.filter((name) => existsSync(at(name)));
  writeFileSync(at(RESTORING_FILE), `${now}\n`, { mode: PRIVATE_FILE, flush: true });
  await syncFolder(dataDir);
  const keptIn = old.length > 0 ? await putAway(dataDir, old, now) : undefined;
  linkSync(draft, at(STORE_FILE));
  await syncFolder(dataDir);
  rmSync(at(RESTORING_FILE));
  await syncFolder(dataDir);
  return keptIn;
}

/** Moves files of a data directory into a new folder of it, which it returns. */
async function putAway(dataDir: string, names: readonly string[], now: string): Promise<string> {
  const time = now.replaceAll(/[^0-9TZ]/g, '');
  const folder = mkdtempSync(join(dataDir, `before-restore-${time}-`));
  for (const name of names) renameSync(join(dataDir, name), join(folder, name));
  await syncFolder(folder);
  return folder;
}
