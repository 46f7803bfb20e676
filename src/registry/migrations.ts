import type { Knex } from 'knex';
import * as createSubnetModules from '../../migrations/0001-create-subnet-modules.js';
import * as addModuleColumns from '../../migrations/0002-add-module-columns.js';
import * as createMeta from '../../migrations/0003-create-meta.js';
import * as createChanges from '../../migrations/0004-create-changes.js';
import * as createEvents from '../../migrations/0005-create-events.js';
import * as createObjects from '../../migrations/0006-create-objects.js';
import * as createAudit from '../../migrations/0007-create-audit.js';
import * as createSecretRecords from '../../migrations/0008-create-secret-records.js';
import * as fillInStrategies from '../../migrations/0009-fill-in-strategies.js';
import { RegistrarError } from '../model/errors.js';

const MIGRATIONS: ReadonlyMap<string, Knex.Migration> = new Map([
  ['0001-create-subnet-modules', createSubnetModules],
  ['0002-add-module-columns', addModuleColumns],
  ['0003-create-meta', createMeta],
  ['0004-create-changes', createChanges],
  ['0005-create-events', createEvents],
  ['0006-create-objects', createObjects],
  ['0007-create-audit', createAudit],
  ['0008-create-secret-records', createSecretRecords],
  ['0009-fill-in-strategies', fillInStrategies],
]);

/** The migrations in code, so that they are found wherever the program is installed. */
export const migrationSource: Knex.MigrationSource<string> = {
  getMigrations: () => Promise.resolve([...MIGRATIONS.keys()]),
  getMigrationName: (name) => name,
  getMigration: (name) => Promise.resolve(MIGRATIONS.get(name) ?? unknown(name)),
};

function unknown(name: string): never {
  throw new Error(`Migration "${name}" does not exist`);
}

/** Brings the schema up to date, all or nothing. SCHEMA_TOO_NEW when a later program made it. */
export async function migrate(db: Knex): Promise<void> {
  await refuseNewer(db);
  await db.migrate.latest({ migrationSource });
}

async function refuseNewer(db: Knex): Promise<void> {
  if (!(await db.schema.hasTable('knex_migrations'))) return;
  refuseUnknownMigrations(await db('knex_migrations').orderBy('id').pluck('name'));
}

/** SCHEMA_TOO_NEW when one of the migrations that made a store is not known here. */
export function refuseUnknownMigrations(done: readonly string[]): void {
  const newer = done.filter((name) => !MIGRATIONS.has(name));
  if (newer.length === 0) return;
  throw new RegistrarError(
    'SCHEMA_TOO_NEW',
    `The store was made by a newer registrar (migration "${newer.join('", "')}"); ` +
      'run that version or restore a backup from before it',
  );
}
