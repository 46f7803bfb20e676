import type { Knex } from 'knex';

/** Objects of all kinds that have no table of their own; `object` is the record. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE objects (
      kind TEXT NOT NULL,
      name TEXT NOT NULL,
      resource_version INTEGER NOT NULL,
      object TEXT NOT NULL,
      PRIMARY KEY (kind, name)
    )`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE objects');
}
