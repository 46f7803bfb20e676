import type Sqlite from 'better-sqlite3';

export type SqlValue = string | number | Buffer | null;

/** A table as it is written to. All rows that are put into it have the same columns. */
export interface Table {
  readonly name: string;
  /** Columns by which a row replaces another one; none where rows are only added. */
  readonly key: readonly string[];
  /** Columns that stay as they are for as long as the row is there. */
  readonly fixed?: readonly string[];
}

/** What can be done in a transaction. */
export interface Transaction {
  run(sql: string, ...values: readonly SqlValue[]): void;
  /** Inserts a row; one with the same key is replaced. */
  put(table: Table, row: object): void;
}

/** Runs `work` in a transaction. Throws its first error, and then nothing is changed. */
export function transact(connection: Sqlite.Database, work: (trx: Transaction) => void): void {
  const statements = prepared.get(connection) ?? new Statements(connection);
  prepared.set(connection, statements);
  statements.run('BEGIN IMMEDIATE');
  try {
    work(statements);
    statements.run('COMMIT');
  } catch (error) {
    // SQLite ends a transaction by itself on a full disk.
    if (connection.inTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}

type Row = Readonly<Record<string, SqlValue>>;

/** A statement whose parameters are columns of a row, in order: to bind them by name takes longer. */
interface RowStatement {
  readonly statement: Sqlite.Statement;
  readonly columns: readonly string[];
}

/** What puts rows into a table: `update` only where rows have keys. */
interface Put {
  readonly update: RowStatement | undefined;
  readonly insert: RowStatement;
}

/** The statements of a connection, prepared once: they are few, so all are kept. */
class Statements implements Transaction {
  readonly #runs = new Map<string, Sqlite.Statement>();
  readonly #puts = new Map<Table, Put>();

  constructor(private readonly connection: Sqlite.Database) {}

  run(sql: string, ...values: readonly SqlValue[]): void {
    const statement = this.#runs.get(sql) ?? this.connection.prepare(sql);
    this.#runs.set(sql, statement);
    statement.run(...values);
  }

  put(table: Table, row: object): void {
    const { update, insert } = this.#puts.get(table) ?? this.#preparePut(table, Object.keys(row));
    // Most rows are there: to insert them first would write the indexes and the sequence again.
    if (update === undefined || runOn(update, row) === 0) runOn(insert, row);
  }

  #preparePut(table: Table, columns: readonly string[]): Put {
    const { key, fixed = [] } = table;
    const changing = columns.filter((column) => !key.includes(column) && !fixed.includes(column));
    const prepare = (sql: string, of: readonly string[]): RowStatement => {
      return { statement: this.connection.prepare(sql), columns: of };
    };
    const update = () => prepare(updateSql(table, changing), [...changing, ...key]);
    const put = {
      update: key.length === 0 ? undefined : update(),
      insert: prepare(insertSql(table, columns), columns),
    };
    this.#puts.set(table, put);
    return put;
  }
}

/** How many rows a statement changes, run with the values of a row. */
function runOn({ statement, columns }: RowStatement, row: object): number {
  return statement.run(...columns.map((column) => (row as Row)[column])).changes;
}

const prepared = new WeakMap<Sqlite.Database, Statements>();

const insertSql = ({ name }: Table, columns: readonly string[]): string =>
  `INSERT INTO ${name} (${columns.map((column) => `"${column}"`).join(', ')})
   VALUES (${columns.map(() => '?').join(', ')})`;

function updateSql({ name, key }: Table, columns: readonly string[]): string {
  const equal = (column: string): string => `"${column}" = ?`;
  return `UPDATE ${name} SET ${columns.map(equal).join(', ')} WHERE ${key.map(equal).join(' AND ')}`;
}
