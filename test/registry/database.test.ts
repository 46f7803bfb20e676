import { join } from 'node:path';
import type { Knex } from 'knex';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/registry/database.js';
import type { Database } from '../../src/registry/database.js';
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

const insert = (n: number) => async (trx: Knex.Transaction) => {
  await trx('numbers').insert({ n });
};

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
  const failed = database.transact(async (trx) => {
    await insert(1)(trx);
    throw failure;
  });
  await expect(failed).rejects.toBe(failure);
  await database.transact(insert(2));
  expect(await database.knex('numbers')).toEqual([{ n: 2 }]);
});

test('transact() works again after a COMMIT that failed', async () => {
  const database = await openWithTable();
  // A deferred foreign key fails the COMMIT itself and leaves the transaction open.
  const failed = database.transact(async (trx) => {
    await trx('late').insert({ n: 9 });
  });
  await expect(failed).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT_FOREIGNKEY' });
  await database.transact(insert(2));
  expect(await database.knex('late')).toEqual([]);
});

test('an error tells no value of the statement that failed', async () => {
  const { knex } = await openWithTable();
  const failed = knex('nowhere').insert({ secret: 'hunter2' });
  await expect(failed).rejects.toMatchObject({
    message: expect.not.stringContaining('hunter2') as unknown,
  });
});

test('transact() rejects with the error that came first', async () => {
  const database = await openWithTable();
  // As SQLite does by itself on a full disk: the transaction is gone when knex rolls it back.
  const failed = database.transact(async (trx) => {
    await trx.raw('ROLLBACK');
    await trx.raw('INSERT INTO nowhere VALUES (1)');
  });
  await expect(failed).rejects.toThrow('no such table: nowhere');
  await database.transact(insert(3));
  expect(await database.knex('numbers')).toEqual([{ n: 3 }]);
});
