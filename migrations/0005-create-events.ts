import type { Knex } from 'knex';

/** Events: `object` is the record, the other columns are for people who read the table. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE events (
      name TEXT NOT NULL PRIMARY KEY,
      resource_version INTEGER NOT NULL,
      object_kind TEXT NOT NULL,
      object_name TEXT NOT NULL,
      type TEXT NOT NULL,
      reason TEXT NOT NULL,
      message TEXT NOT NULL,
      count INTEGER NOT NULL,
      first_timestamp DATETIME NOT NULL,
      last_timestamp DATETIME NOT NULL,
      object TEXT NOT NULL
    )`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE events');
}
