import type { Knex } from 'knex';

/** Facts about the store itself, such as the instance id and the highest resourceVersion. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE meta (
      key TEXT NOT NULL PRIMARY KEY,
      value TEXT NOT NULL
    ) WITHOUT ROWID`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE meta');
}
