import { copyFileSync, readFileSync, rmSync, statSync, writeFileSync, chmodSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf } from '../../helpers/code-of.js';
import { writeSecret } from '../../helpers/secrets.js';
import { openTempRegistry } from '../../helpers/temp-registry.js';
import type { TempRegistry } from '../../helpers/temp-registry.js';

let store: TempRegistry;

/** Changes the file of the store behind the back of the registry. */
function edit(change: (db: Sqlite.Database) => void): void {
  const db = new Sqlite(join(store.dataDir, 'registrar.db'));
  change(db);
  db.close();
}

const reveal = (name: string, key = 'api'): Promise<string> =>
  codeOf((async () => store.registry.secrets.reveal(name, [key]))());
const keyFile = (): string => join(store.dataDir, 'keys', 'kek');

beforeEach(async () => {
  store = await openTempRegistry();
  await writeSecret(store.registry, 'one', { api: 'value of one', other: 'other of one' });
  await writeSecret(store.registry, 'two', { api: 'value of two' });
});

describe('the key file', () => {
  it('is for its owner alone, in a folder that is', () => {
    expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
    expect(statSync(join(store.dataDir, 'keys')).mode & 0o777).toBe(0o700);
  });

  it('is the same after a restart', async () => {
    const registry = await store.reopen();
    expect(registry.secrets.reveal('one', ['api']).get('api')?.toString()).toBe('value of one');
  });

  it.each([
    ['another one', () => writeFileSync(keyFile(), `${Buffer.alloc(32, 7).toString('base64')}\n`)],
    ['cut off', () => writeFileSync(keyFile(), readFileSync(keyFile()).subarray(0, 20))],
    ['empty', () => writeFileSync(keyFile(), '')],
    ['gone', () => rmSync(keyFile())],
    ['open to others', () => chmodSync(keyFile(), 0o644)],
    ['the other key', () => copyFileSync(join(store.dataDir, 'keys', 'fingerprint'), keyFile())],
  ])('that is %s makes values unreadable, until it is back', async (_how, damage) => {
    const right = readFileSync(keyFile());
    damage();
    await store.reopen();
    expect(await reveal('one')).toBe('SECRET_UNREADABLE');
    // All else goes on, the Secrets as objects too.
    expect(store.registry.list('Secret').items).toHaveLength(2);
    rmSync(keyFile(), { force: true });
    writeFileSync(keyFile(), right, { mode: 0o600 });
    await store.reopen();
    expect(await reveal('one')).toBe('none');
  });

  it('that is gone is not replaced while values need it', async () => {
    rmSync(keyFile());
    await store.reopen();
    expect(await codeOf(writeSecret(store.registry, 'three', { api: 'x' }))).toBe(
      'SECRET_UNREADABLE',
    );
    expect(store.registry.get('Secret', 'three')).toBeUndefined();
    await store.registry.delete('Secret', 'one');
    await store.registry.delete('Secret', 'two');
    await writeSecret(store.registry, 'three', { api: 'x' });
    expect(store.registry.secrets.reveal('three', ['api']).get('api')?.toString()).toBe('x');
  });
});

describe('a record', () => {
  const COLUMNS = 'key_id, wrapped_key, ciphertext';
  const swap = (a: string, b: string) => (db: Sqlite.Database) => {
    const rows = db
      .prepare(`SELECT rowid, ${COLUMNS} FROM secret_records WHERE ${a} OR ${b}`)
      .all();
    const [first, second] = rows as { rowid: number }[];
    const set = db.prepare(
      `UPDATE secret_records SET wrapped_key = @wrapped_key, ciphertext = @ciphertext WHERE rowid = @at`,
    );
    set.run({ ...second, at: first?.rowid });
    set.run({ ...first, at: second?.rowid });
  };
  const run = (sql: string) => (db: Sqlite.Database) => void db.exec(sql);

  it.each([
    ['of another Secret', swap("name = 'one' AND key = 'api'", "name = 'two'")],
    ['of another key', swap("name = 'one' AND key = 'api'", "name = 'one' AND key = 'other'")],
    ['cut off', run('UPDATE secret_records SET ciphertext = substr(ciphertext, 1, 30)')],
    ['empty', run("UPDATE secret_records SET ciphertext = x''")],
    ['without its own key', run("UPDATE secret_records SET wrapped_key = x''")],
    ['gone', run("DELETE FROM secret_records WHERE name = 'one'")],
  ])('that is %s is never taken for the value', async (_how, change) => {
    edit(change);
    expect(await reveal('one')).toBe('SECRET_UNREADABLE');
    await store.reopen();
    expect(await reveal('one')).toBe('SECRET_UNREADABLE');
  });

  it('of an earlier revision is never taken for the value', async () => {
    const rows: object[] = [];
    edit((db) => rows.push(...(db.prepare('SELECT * FROM secret_records').all() as object[])));
    await writeSecret(store.registry, 'one', { api: 'a newer value', other: 'other of one' });
    edit((db) => {
      const put = db.prepare(
        `UPDATE secret_records SET wrapped_key = @wrapped_key, ciphertext = @ciphertext,
         revision = @revision WHERE name = @name AND key = @key`,
      );
      for (const row of rows) put.run(row);
    });
    expect(await reveal('one')).toBe('SECRET_UNREADABLE');
    expect(await reveal('one', 'other')).toBe('none');
  });

  it('of a deleted Secret is of no use to another one of its name', async () => {
    const rows: object[] = [];
    edit((db) => rows.push(...(db.prepare('SELECT * FROM secret_records').all() as object[])));
    await store.registry.delete('Secret', 'one');
    await writeSecret(store.registry, 'one', { api: 'value of one', other: 'other of one' });
    edit((db) => {
      const put = db.prepare(
        `UPDATE secret_records SET wrapped_key = @wrapped_key, ciphertext = @ciphertext
         WHERE name = @name AND key = @key`,
      );
      for (const row of rows) put.run(row);
    });
    expect(await reveal('one')).toBe('SECRET_UNREADABLE');
  });

  it('that is damaged leaves other keys readable, and is repaired by its value', async () => {
    edit(run("UPDATE secret_records SET ciphertext = x'00' WHERE name = 'one' AND key = 'api'"));
    expect(await reveal('one', 'other')).toBe('none');
    await writeSecret(store.registry, 'one', { api: 'a new value', other: 'other of one' });
    expect(await reveal('one')).toBe('none');
  });
});
