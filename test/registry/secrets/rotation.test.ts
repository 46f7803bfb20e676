import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import type { GivenKeySetting } from '../../../src/registry/secrets/given-keys.js';
import { unusableKey } from '../../../src/registry/secrets/keys.js';
import { anEntry, auditOf } from '../../helpers/audit.js';
import { codeOf, messageOf } from '../../helpers/code-of.js';
import { writeSecret } from '../../helpers/secrets.js';
import { openTempRegistry } from '../../helpers/temp-registry.js';
import type { TempRegistry } from '../../helpers/temp-registry.js';

let store: TempRegistry;

const keyFile = (): string => join(store.dataDir, 'keys', 'kek');
const keysIn = (): string[] => readFileSync(keyFile(), 'utf8').trim().split('\n');
const aKey = (): string => randomBytes(32).toString('base64');
const value = (name: string): string | undefined =>
  store.registry.secrets.reveal(name, ['api']).get('api')?.toString();

/** What the store says of its records, behind the back of the registry. */
function records(): { key_id: string; wrapped: string; value: string }[] {
  const db = new Sqlite(join(store.dataDir, 'registrar.db'), { readonly: true });
  const rows = db
    .prepare('SELECT key_id, hex(wrapped_key) wrapped, hex(ciphertext) value FROM secret_records')
    .all();
  db.close();
  return rows as { key_id: string; wrapped: string; value: string }[];
}

function edit(sql: string): void {
  const db = new Sqlite(join(store.dataDir, 'registrar.db'));
  db.exec(sql);
  db.close();
}

const rotate = () => store.registry.rotateKeys(anEntry({ verb: 'post' }));

describe('a rotation of the key in the file', () => {
  beforeEach(async () => {
    store = await openTempRegistry();
    await writeSecret(store.registry, 'one', { api: 'value of one', other: 'x' });
    await writeSecret(store.registry, 'two', { api: 'value of two' });
  });

  it('clears away what one that was killed wrote of its keys', async () => {
    writeFileSync(`${keyFile()}.tmp`, `${aKey()}\n`);
    await rotate();
    expect(readdirSync(dirname(keyFile())).toSorted()).toEqual(['fingerprint', 'kek']);
  });

  it('puts every record under a new key, and changes no value', async () => {
    const before = { keys: keysIn(), records: records() };
    const { resourceVersion } = store.registry;
    const { keyId, wrapped } = await rotate();
    expect(wrapped).toBe(3);
    expect(keysIn()).toHaveLength(1);
    expect(keysIn()).not.toEqual(before.keys);
    expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
    expect(new Set(records().map(({ key_id }) => key_id))).toEqual(new Set([keyId]));
    expect(records().map((row) => row.value)).toEqual(before.records.map((row) => row.value));
    expect(records()[0]?.wrapped).not.toBe(before.records[0]?.wrapped);
    // Nothing that can be read has changed.
    expect(store.registry.resourceVersion).toBe(resourceVersion);
    await store.reopen();
    expect([value('one'), value('two')]).toEqual(['value of one', 'value of two']);
  });

  it('has a line in the audit', async () => {
    await rotate();
    expect((await auditOf(store.registry)).at(-1)).toMatchObject({ verb: 'post', code: 200 });
  });

  it('goes together with writes that come at once', async () => {
    const writes = Array.from({ length: 20 }, (_, at) =>
      writeSecret(store.registry, `s-${at}`, { api: `value ${at}` }),
    );
    const changed = writeSecret(store.registry, 'one', { api: 'a newer one', other: 'x' });
    await Promise.all([rotate(), ...writes, changed, rotate()]);
    await store.reopen();
    expect(value('one')).toBe('a newer one');
    expect(writes.map((_, at) => value(`s-${at}`))).toEqual(writes.map((_, at) => `value ${at}`));
    expect(keysIn()).toHaveLength(1);
  });

  it('that ended before the transaction is gone on with, with the same key', async () => {
    const begun = aKey();
    writeFileSync(keyFile(), `${begun}\n${keysIn()[0]}\n`, { mode: 0o600 });
    await store.reopen();
    expect([value('one'), value('two')]).toEqual(['value of one', 'value of two']);
    await writeSecret(store.registry, 'three', { api: 'of the new key' });
    expect((await rotate()).wrapped).toBe(3);
    expect(keysIn()).toEqual([begun]);
    expect([value('one'), value('three')]).toEqual(['value of one', 'of the new key']);
  });

  it('that ended after the transaction lets go of the old key at the next start', async () => {
    const [old] = keysIn();
    await rotate();
    const [key] = keysIn();
    await store.close();
    writeFileSync(keyFile(), `${key}\n${old}\n`, { mode: 0o600 });
    await store.reopen();
    expect(keysIn()).toEqual([key]);
  });

  it('changes nothing while a record cannot be read', async () => {
    const before = keysIn();
    edit("UPDATE secret_records SET wrapped_key = x'00' WHERE name = 'two'");
    expect(await messageOf(rotate())).toContain('Cannot read key "api" of Secret "two"');
    expect(keysIn()).toEqual(before);
    expect(value('one')).toBe('value of one');
  });

  it('makes the first key where none is needed yet', async () => {
    const empty = await openTempRegistry();
    expect((await empty.registry.rotateKeys(anEntry())).wrapped).toBe(0);
    await writeSecret(empty.registry, 'one', { api: 'x' });
    await empty.reopen();
    expect(empty.registry.secrets.reveal('one', ['api']).get('api')?.toString()).toBe('x');
  });
});

describe('keys that others keep', () => {
  let text: string;
  let asked: number;
  const kek: GivenKeySetting = {
    title: 'variable REGISTRAR_KEK',
    read: () => {
      asked += 1;
      return text === '' ? Promise.reject(unusableKey('away')) : Promise.resolve(text);
    },
  };

  beforeEach(async () => {
    text = aKey();
    asked = 0;
    store = await openTempRegistry({ kek });
    await writeSecret(store.registry, 'one', { api: 'value of one' });
  });

  it('are asked for once, and never written', async () => {
    expect(value('one')).toBe('value of one');
    await writeSecret(store.registry, 'two', { api: 'x' });
    expect(asked).toBe(1);
    await store.reopen();
    expect(value('one')).toBe('value of one');
    expect(() => statSync(keyFile())).toThrow('ENOENT');
  });

  it('can be rotated once there is a new one before the old one', async () => {
    const old = text;
    expect(await messageOf(rotate())).toContain('have it give a new key');
    text = aKey();
    expect(await messageOf(rotate())).toContain('it is encrypted with key');
    expect(value('one')).toBe('value of one');
    text = `${text}\n${old}`;
    expect((await rotate()).wrapped).toBe(1);
    text = text.split('\n')[0] ?? '';
    await store.reopen();
    expect(value('one')).toBe('value of one');
  });

  it('that cannot be had are asked for again, and all else goes on', async () => {
    const right = text;
    text = '';
    await store.reopen();
    expect(() => value('one')).toThrow('away');
    text = right;
    await expect.poll(() => codeOf((async () => value('one'))())).toBe('none');
  });

  it.each(['no key', `${'x'.repeat(43)}=`, Buffer.alloc(31).toString('base64'), ''.padEnd(4, ' ')])(
    'that are none (%#) are refused without a quote',
    async (wrong) => {
      text = wrong;
      await store.reopen();
      const message = await messageOf((async () => value('one'))());
      expect(message).toContain('does not hold a key');
      if (wrong.trim() !== '') expect(message).not.toContain(wrong);
    },
  );

  it('can take over from those of the file', async () => {
    const other = await openTempRegistry();
    await writeSecret(other.registry, 'one', { api: 'value of one' });
    const old = readFileSync(join(other.dataDir, 'keys', 'kek'), 'utf8').trim();
    text = `${aKey()},${old}`;
    const registry = await other.reopen({ kek });
    expect((await registry.rotateKeys(anEntry())).wrapped).toBe(1);
    expect(registry.secrets.reveal('one', ['api']).get('api')?.toString()).toBe('value of one');
  });
});
