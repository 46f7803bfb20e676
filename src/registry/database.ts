import type Sqlite from 'better-sqlite3';
import knex from 'knex';
import type { Knex } from 'knex';
import { preparePrivateFile } from './data-directory.js';
import { transact } from './transaction.js';
import type { Transaction } from './transaction.js';

/** better-sqlite3 waits in the event loop: nothing else runs in the meantime. */
const BUSY_TIMEOUT_MS = 250;

/** A query that forgot its transaction would wait for the one connection for ever. */
const ACQUIRE_TIMEOUT_MS = 5000;

// knex prints to standard output what it rejects with anyway.
const SILENT: Knex.Logger = {
  warn: () => undefined,
  error: () => undefined,
  deprecate: () => undefined,
  debug: () => undefined,
};

export interface Database {
  readonly path: string;
  /** For migrations and for reading; it must not be written to otherwise. */
  readonly knex: Knex;
  /**
   * Runs `work` in a transaction, durable when this returns. Nothing else of the process comes in
   * between. Throws its first error, and then nothing is changed.
   */
  transact(work: (trx: Transaction) => void): void;
  /** Rows of a query, read at once: nothing else of the process comes in between. */
  select<Row>(sql: string, ...values: readonly string[]): Row[];
  close(): Promise<void>;
}

/**
 * Opens the store's file, or makes it, with all that durable writes need. Migrates nothing. There
 * is no connection before something was asked through knex.
 */
export function openDatabase(path: string): Database {
  preparePrivateFile(path);
  let connection: Sqlite.Database | undefined;
  const db = knex({
    client: 'better-sqlite3',
    connection: { filename: path },
    useNullAsDefault: true,
    acquireConnectionTimeout: ACQUIRE_TIMEOUT_MS,
    log: SILENT,
    // Values are people's data, secrets among it: they have no place in a message.
    compileSqlOnError: false,
    pool: {
      min: 1,
      max: 1,
      afterCreate: (raw: Sqlite.Database, done: (error?: unknown) => void) => {
        connection = raw;
        setUp(raw, done);
      },
    },
  });
  const connected = (): Sqlite.Database => {
    if (connection === undefined) throw new Error('The database has no connection yet');
    return connection;
  };
  return {
    path,
    knex: db,
    transact: (work) => transact(connected(), work),
    select: <Row>(sql: string, ...values: readonly string[]) =>
      connected()
        .prepare(sql)
        .all(...values) as Row[],
    close: () => db.destroy(),
  };
}

function setUp(raw: Sqlite.Database, done: (error?: unknown) => void): void {
  try {
    raw.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
    raw.pragma('journal_mode = WAL');
    // better-sqlite3 is built so that WAL runs at NORMAL, where a power cut loses acknowledged
    // writes.
    raw.pragma('synchronous = FULL');
    raw.pragma('foreign_keys = ON');
    done();
  } catch (error) {
    done(error);
  }
}
