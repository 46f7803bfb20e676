import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { RegistrarError } from '../../model/errors.js';
import { damaged } from '../damage.js';
import { unusable } from '../data-directory.js';
import { codeOf, reasonOf } from '../sqlite-error.js';
import { refuseUnknownMigrations } from '../migrations.js';
import { keysInUse } from '../secrets/record.js';
import type { Select } from '../secrets/record.js';

const UNREADABLE = /^SQLITE_(?:CANTOPEN|PERM|AUTH|BUSY|READONLY|IOERR_(?!SHORT_READ|CORRUPT))/;

/** What a database file says of itself. */
export interface StoredFacts {
  readonly instanceId: string;
  /** Names the history that the versions belong to. */
  readonly epoch: string;
  /** The highest resourceVersion given out. */
  readonly resourceVersion: number;
  /** Ids of the keys without which values of Secrets in it cannot be read. */
  readonly keyIds: readonly string[];
}

/**
 * Checks a database file as a whole, and reads its facts; changes nothing. STORE_DAMAGED when it
 * is damaged or no store, SCHEMA_TOO_NEW when a later program made it.
 */
export function checkStore(path: string): StoredFacts {
  try {
    const db = new Sqlite(path, { readonly: true, fileMustExist: true });
    try {
      return factsIn(db);
    } finally {
      db.close();
    }
  } catch (cause) {
    if (cause instanceof RegistrarError) throw cause;
    // What cannot be looked at may be whole.
    if (UNREADABLE.test(codeOf(cause))) throw unusable(dirname(path), cause);
    throw damaged(path, reasonOf(cause), cause);
  }
}

function factsIn(db: Sqlite.Database): StoredFacts {
  const found = db.pragma('integrity_check(1)', { simple: true });
  if (found !== 'ok') throw damaged(db.name, String(found));
  const names = db.prepare('SELECT name FROM knex_migrations ORDER BY id').pluck().all();
  refuseUnknownMigrations(names as string[]);
  const meta = db.prepare('SELECT value FROM meta WHERE key = ?').pluck();
  return {
    instanceId: String(meta.get('instance_id')),
    epoch: String(meta.get('epoch')),
    resourceVersion: Number(meta.get('resource_version')),
    keyIds: keyIdsIn(db),
  };
}

function keyIdsIn(db: Sqlite.Database): string[] {
  const select: Select = (sql, ...values) => db.prepare(sql).all(...values) as never[];
  // One that an early version made, and no later one has opened, has no table of them.
  const tables = select('SELECT 1 FROM sqlite_master WHERE name = ?', 'secret_records');
  return tables.length === 0 ? [] : keysInUse(select);
}
