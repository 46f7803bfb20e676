import type { Knex } from 'knex';

/**
 * The table of record for modules, as the service publishes its schema. Raw SQL, because knex
 * would choose types of its own (`varchar(255)`, NOT NULL on the id).
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE subnet_modules (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      name TEXT NOT NULL UNIQUE,
      version TEXT NOT NULL,
      repo_url TEXT NOT NULL,
      branch TEXT NOT NULL,
      description TEXT NOT NULL,
      author TEXT NOT NULL,
      license TEXT NOT NULL,
      created_at DATETIME NOT NULL,
      updated_at DATETIME NOT NULL,
      downloads INTEGER NOT NULL DEFAULT 0,
      module_type TEXT NOT NULL,
      status TEXT NOT NULL
    )`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE subnet_modules');
}
