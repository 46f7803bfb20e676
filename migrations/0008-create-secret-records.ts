import type { Knex } from 'knex';

/** The values of Secrets, each encrypted by a key of its own: the objects hold none. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE secret_records (
      name TEXT NOT NULL,
      key TEXT NOT NULL,
      uid TEXT NOT NULL,
      revision INTEGER NOT NULL,
      key_id TEXT NOT NULL,
      wrapped_key BLOB NOT NULL,
      ciphertext BLOB NOT NULL,
      PRIMARY KEY (name, key)
    )`);
}

/** Without their values the objects would stand for nothing. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE secret_records');
  await knex('objects').where('kind', 'Secret').delete();
  await knex('changes').where('kind', 'Secret').delete();
}
