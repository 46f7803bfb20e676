import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/registry/database.js';
import type { Database } from '../../src/registry/database.js';
import type { Transaction } from '../../src/registry/transaction.js';
import { tempDataDir } from '../helpers/temp-registry.js';

async function openWithTable(): Promise<Database> {
  const database = openDatabase(join(tempDataDir(), 'registrar.db'));
  onTestFinished(() => database.close());
  await database.knex.raw('CREATE TABLE numbers (n INTEGER PRIMARY KEY)');
  await database.knex.raw(
    'CREATE TABLE late (n INTEGER REFERENCES numbers (n) DEFERRABLE INITIALLY DEFERRED)',
  );
  return database;
}

const insert = (n: number) => (trx: Transaction) => trx.put({ name: 'numbers', key: [] }, { n });

test.each([
  ['journal_mode', 'wal'],
  ['synchronous', 2],
  ['foreign_keys', 1],
  ['busy_timeout', 250],
])('every connection has %s = %s', async (pragma, expected) => {
  const { knex } = await openWithTable();
  const rows: object[] = await knex.raw(`PRAGMA ${pragma}`);
  expect(rows.map((row) => Object.values(row) as unknown[])).toEqual([[expected]]);
});

test('transact() changes nothing when the work fails, and works again', async () => {
  const database = await openWithTable();
  const failure = new Error('no');
  const fail = () =>
    database.transact((trx) => {
      insert(1)(trx);
      throw failure;
    });
  expect(fail).toThrow(failure);
  database.transact(insert(2));
  expect(await database.knex('numbers')).toEqual([{ n: 2 }]);
});

test('transact() works again after a COMMIT that failed', async () => {
  const database = await openWithTable();
  // A deferred foreign key fails the COMMIT itself and leaves the transaction open.
  const fail = () => database.transact((trx) => trx.put({ name: 'late', key: [] }, { n: 9 }));
  expect(fail).toThrow(expect.objectContaining({ code: 'SQLITE_CONSTRAINT_FOREIGNKEY' }));
  database.transact(insert(2));
  expect(await database.knex('late')).toEqual([]);
});

test('put() replaces the row with the same key, and only its columns', async () => {
  const database = await openWithTable();
  await database.knex.raw('CREATE TABLE pairs (a TEXT PRIMARY KEY, b TEXT, c TEXT DEFAULT 1)');
  const pairs = { name: 'pairs', key: ['a'] };
  database.transact((trx) => {
    trx.put(pairs, { a: 'x', b: 'old' });
    trx.run('UPDATE pairs SET c = ? WHERE a = ?', 'kept', 'x');
    trx.put(pairs, { a: 'x', b: null });
  });
  expect(await database.knex('pairs')).toEqual([{ a: 'x', b: null, c: 'kept' }]);
  const addAgain = (trx: Transaction) => trx.put({ name: 'pairs', key: [] }, { a: 'x' });
  expect(() => database.transact(addAgain)).toThrow('UNIQUE');
});

test('an error tells no value of the statement that failed', async () => {
  const { knex } = await openWithTable();
  const failed = knex('nowhere').insert({ secret: 'hunter2' });
  await expect(failed).rejects.toMatchObject({
    message: expect.not.stringContaining('hunter2') as unknown,
  });
});

test('transact() throws the error that came first', async () => {
  const database = await openWithTable();
  // As SQLite does by itself on a full disk: the transaction is gone when it should be ended.
  const fail = () =>
    database.transact((trx) => {
      trx.run('ROLLBACK');
      trx.run('INSERT INTO nowhere VALUES (1)');
    });
  expect(fail).toThrow('no such table: nowhere');
  database.transact(insert(3));
  expect(await database.knex('numbers')).toEqual([{ n: 3 }]);
});
