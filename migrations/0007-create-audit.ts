import type { Knex } from 'knex';

/**
 * The audit: one row for each thing that somebody did or was refused, and in `hash` a hash over all
 * other columns, that of the row before among them.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE audit (
      seq INTEGER NOT NULL PRIMARY KEY,
      time DATETIME NOT NULL,
      user TEXT NOT NULL,
      groups TEXT NOT NULL,
      source TEXT NOT NULL,
      verb TEXT NOT NULL,
      resource TEXT NOT NULL,
      name TEXT NOT NULL,
      namespace TEXT NOT NULL,
      old_hash TEXT NOT NULL,
      new_hash TEXT NOT NULL,
      code INTEGER NOT NULL,
      reason TEXT NOT NULL,
      count INTEGER NOT NULL,
      request_id TEXT NOT NULL,
      previous_hash TEXT NOT NULL,
      hash TEXT NOT NULL
    )`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE audit');
  await knex('meta').where('key', 'audit_head').delete();
}
