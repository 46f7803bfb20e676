import type { Knex } from 'knex';

/** The log that watches resume from: the latest changes of all kinds, without gaps. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE changes (
      resource_version INTEGER PRIMARY KEY,
      type TEXT NOT NULL,
      kind TEXT NOT NULL,
      name TEXT NOT NULL,
      object TEXT NOT NULL
    )`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE changes');
}
