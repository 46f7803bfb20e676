import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { expect, onTestFinished, test } from 'vitest';
import { ModuleSchema } from '../../src/model/module.js';
import { openDatabase } from '../../src/registry/database.js';
import { migrate, migrationSource } from '../../src/registry/migrations.js';
import { Check } from 'typebox/value';
import { openTempRegistry, tempDataDir } from '../helpers/temp-registry.js';

const NAMES = await migrationSource.getMigrations([]);

const PUBLISHED_ROW = {
  ...{ name: 'echo', version: '1.4.2', repo_url: 'https://github.com/example/echo.git' },
  ...{ branch: 'main', description: 'Echoes', author: 'Ada', license: 'MIT', downloads: 7 },
  ...{ created_at: '2026-01-01T12:00:00Z', updated_at: '2026-01-02T12:00:00Z' },
  ...{ module_type: 'miner', status: 'active' },
};

function openEmpty(dataDir = tempDataDir()): Knex {
  const database = openDatabase(join(dataDir, 'registrar.db'));
  onTestFinished(() => database.close());
  return database.knex;
}

/** Runs the migrations up to and including the one of that number. */
async function migrateTo(db: Knex, count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await db.migrate.up({ migrationSource });
}

async function schemaOf(db: Knex): Promise<unknown[]> {
  return db('sqlite_master')
    .select('type', 'name', 'sql')
    .where('tbl_name', 'not like', 'knex%')
    .where('tbl_name', 'not like', 'sqlite%')
    .orderBy('name');
}

test('every file of the folder is a migration, in the order of their names', () => {
  const files = readdirSync('migrations').map((file) => file.replace(/\.ts$/, ''));
  expect(NAMES).toEqual(files.toSorted());
});

test('the first migration makes subnet_modules as the service publishes it', async () => {
  const db = openEmpty();
  await migrateTo(db, 1);
  const columns: Record<string, unknown>[] = await db.raw('PRAGMA table_info(subnet_modules)');
  const shown = columns.map(({ name, type, notnull, dflt_value, pk }) =>
    [name, type, notnull === 1 ? 'NOT NULL' : '', dflt_value ?? '', pk === 1 ? 'PK' : ''].join(' '),
  );
  expect(shown).toEqual([
    'id INTEGER   PK',
    'name TEXT NOT NULL  ',
    'version TEXT NOT NULL  ',
    'repo_url TEXT NOT NULL  ',
    'branch TEXT NOT NULL  ',
    'description TEXT NOT NULL  ',
    'author TEXT NOT NULL  ',
    'license TEXT NOT NULL  ',
    'created_at DATETIME NOT NULL  ',
    'updated_at DATETIME NOT NULL  ',
    'downloads INTEGER NOT NULL 0 ',
    'module_type TEXT NOT NULL  ',
    'status TEXT NOT NULL  ',
  ]);
  const indexes: unknown[] = await db.raw('PRAGMA index_list(subnet_modules)');
  expect(indexes).toMatchObject([{ unique: 1, origin: 'u' }]);
  expect(await db.raw('PRAGMA index_info(sqlite_autoindex_subnet_modules_1)')).toMatchObject([
    { name: 'name' },
  ]);
  const table: unknown = await db('sqlite_master').where({ name: 'subnet_modules' }).first();
  expect(table).toMatchObject({
    sql: expect.stringContaining('PRIMARY KEY AUTOINCREMENT') as unknown,
  });
});

/** Those that fill in data leave the tables as they are; what they fill in is tested below. */
const DATA_ONLY: ReadonlySet<string> = new Set(['0009-fill-in-strategies']);

test.each(NAMES.map((name, index) => ({ name, index })))(
  '$name goes down and up again, also with a row of data',
  async ({ index, name }) => {
    const db = openEmpty();
    await migrateTo(db, index);
    const before = await schemaOf(db);
    if (index > 0) await db('subnet_modules').insert(PUBLISHED_ROW);

    await db.migrate.up({ migrationSource });
    const after = await schemaOf(db);
    if (DATA_ONLY.has(name)) expect(after).toEqual(before);
    else expect(after).not.toEqual(before);
    if (index === 0) await db('subnet_modules').insert(PUBLISHED_ROW);

    await db.migrate.down({ migrationSource });
    expect(await schemaOf(db)).toEqual(before);
    if (index > 0) expect(await db('subnet_modules').first()).toMatchObject(PUBLISHED_ROW);

    await db.migrate.up({ migrationSource });
    expect(await schemaOf(db)).toEqual(after);
  },
);

test('all the way down with a store in use, and up again', async () => {
  const temp = await openTempRegistry();
  await temp.registry.recordEvent({
    about: { apiVersion: 'v1', kind: 'Module', name: 'echo', uid: '1' },
    ...{ type: 'Normal', reason: 'Started', message: 'Started container echo-0' },
  });
  await temp.close();
  const db = openEmpty(temp.dataDir);
  await db.migrate.rollback({ migrationSource }, true);
  expect(await schemaOf(db)).toEqual([]);
  await migrate(db);
  expect(await db('events')).toEqual([]);
});

test('a published row becomes a complete, suspended module', async () => {
  const dataDir = tempDataDir();
  const database = openDatabase(join(dataDir, 'registrar.db'));
  await migrateTo(database.knex, 1);
  await database.knex('subnet_modules').insert([PUBLISHED_ROW, { ...PUBLISHED_ROW, name: 'two' }]);
  await database.close();

  const { registry } = await openTempRegistry({ dataDir });
  const module = registry.get('Module', 'echo')?.object;
  expect(Check(ModuleSchema, module)).toBe(true);
  expect(module).toMatchObject({
    metadata: { name: 'echo', generation: 1, creationTimestamp: '2026-01-01T12:00:00Z' },
    spec: { version: '1.4.2', type: 'miner', author: 'Ada', suspend: true },
    status: { phase: 'Pending' },
  });
  expect(module?.spec.source?.repoUrl).toBe(PUBLISHED_ROW.repo_url);
  const versions = registry.list('Module').items.map(({ object }) => object.metadata);
  expect(new Set(versions.map(({ uid }) => uid)).size).toBe(2);
  expect(versions.map(({ resourceVersion }) => resourceVersion)).toEqual(['1', '2']);
  expect(registry.resourceVersion).toBe('2');
});

test('a store from a newer program is refused and left as it is', async () => {
  const temp = await openTempRegistry();
  await temp.close();
  const database = openDatabase(join(temp.dataDir, 'registrar.db'));
  await database.knex('knex_migrations').insert({ name: '9999-from-the-future', batch: 2 });
  await database.close();
  await expect(temp.reopen()).rejects.toMatchObject({
    code: 'SCHEMA_TOO_NEW',
    message: expect.stringContaining('"9999-from-the-future"') as unknown,
  });
  expect(existsSync(join(temp.dataDir, 'lock.json'))).toBe(false);
});
