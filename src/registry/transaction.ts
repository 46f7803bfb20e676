import type Sqlite from 'better-sqlite3';

export type SqlValue = string | number | null;

/** What can be done in a transaction. Statements are prepared once and kept. */
export interface Transaction {
  run(sql: string, ...values: readonly SqlValue[]): void;
  /** Inserts a row; one with the same `key` columns is replaced, where any are given. */
  put(table: string, row: object, ...key: readonly string[]): void;
}

/** Statements that run within a transaction alone: they are few, so all are kept. */
const prepared = new WeakMap<Sqlite.Database, Map<string, Sqlite.Statement>>();

/** Runs `work` in a transaction. Throws its first error, and then nothing is changed. */
export function transact(connection: Sqlite.Database, work: (trx: Transaction) => void): void {
  statement(connection, 'BEGIN IMMEDIATE').run();
  try {
    work({
      run: (sql, ...values) => void statement(connection, sql).run(...values),
      put: (table, row, ...key) => void statement(connection, putSql(table, row, key)).run(row),
    });
    statement(connection, 'COMMIT').run();
  } catch (error) {
    // SQLite ends a transaction by itself on a full disk.
    if (connection.inTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}

function statement(connection: Sqlite.Database, sql: string): Sqlite.Statement {
  const statements = prepared.get(connection) ?? new Map<string, Sqlite.Statement>();
  const found = statements.get(sql) ?? connection.prepare(sql);
  statements.set(sql, found);
  prepared.set(connection, statements);
  return found;
}

function putSql(table: string, row: object, key: readonly string[]): string {
  const columns = Object.keys(row);
  const values = columns.map((column) => `@${column}`);
  const insert = `INSERT INTO ${table} (${quoted(columns)}) VALUES (${values.join(', ')})`;
  if (key.length === 0) return insert;
  const updates = columns.map((column) => `"${column}" = excluded."${column}"`);
  return `${insert} ON CONFLICT (${quoted(key)}) DO UPDATE SET ${updates.join(', ')}`;
}

const quoted = (columns: readonly string[]): string =>
  columns.map((column) => `"${column}"`).join(', ');
