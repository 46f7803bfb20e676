import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/lib/clock.js';
import { draftOf } from '../../src/model/draft.js';
import { RESTORE_HELD_ANNOTATION } from '../../src/model/names.js';
import { backUp } from '../../src/registry/backup/back-up.js';
import { restore } from '../../src/registry/backup/restore.js';
import { openRegistry } from '../../src/registry/open.js';
import type { Registry } from '../../src/registry/registry.js';
import { makeKey } from '../../src/registry/secrets/key-file.js';
import { aManifest } from '../helpers/builders.js';
import { writeSecret } from '../helpers/secrets.js';

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'registrar-backup-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function opened(dataDir: string): Promise<Registry> {
  const registry = await openRegistry({ dataDir, clock: systemClock });
  onTestFinished(() => registry.close());
  return registry;
}

const create = (registry: Registry, name: string) =>
  registry.create('Module', draftOf(aManifest(name)));
const namesIn = (registry: Registry): string[] =>
  registry
    .list('Module')
    .items.map(({ object }) => object.metadata.name)
    .toSorted();

/** A store with modules `a` and `b` and a Secret, open, and a backup of it. */
async function backedUp(more: { withKeys?: boolean } = {}) {
  const folder = aFolder();
  const dataDir = join(folder, 'data');
  const registry = await opened(dataDir);
  await create(registry, 'a');
  await create(registry, 'b');
  await writeSecret(registry, 'keys', { api: 'nobody knows this' });
  const file = join(folder, 'one.backup');
  const request = { dataDir, file, force: false, withKeys: false, registrarVersion: '0.1.0' };
  const wanted = { ...request, now: '2026-01-01T12:00:00Z', ...more };
  await backUp(wanted);
  return { folder, dataDir, registry, file, wanted };
}

const restoreStore = (file: string, dataDir: string) =>
  restore({ file, dataDir, now: '2026-01-02T12:00:00Z' });
const restoring = (file: string, dataDir: string): Promise<string> =>
  restoreStore(file, dataDir).then(
    () => 'done',
    (error: Error) => error.message,
  );

describe('a backup', () => {
  it('is what the store was, of a store that is open, and goes on from there in a new history', async () => {
    const { folder, registry, file } = await backedUp();
    await create(registry, 'c');
    const other = join(folder, 'other');
    const { held, keptIn, lacksKeys } = await restoreStore(file, other);
    expect([held, keptIn, lacksKeys]).toEqual([2, undefined, true]);
    const restored = await opened(other);
    expect(namesIn(restored)).toEqual(['a', 'b']);
    expect(restored.instanceId).toBe(registry.instanceId);
    expect(Number(restored.resourceVersion)).toBeGreaterThan(Number(registry.resourceVersion));
    expect(restored.get('Module', 'a')?.object.metadata.annotations).toEqual({
      [RESTORE_HELD_ANNOTATION]: 'true',
    });
  });

  it('is there as a whole, for its owner alone, and not over another one', async () => {
    const { folder, file, wanted } = await backedUp();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).toSorted()).toEqual(['data', 'one.backup']);
    await expect(backUp(wanted)).rejects.toThrow('exists; name another one');
    await backUp({ ...wanted, force: true });
    await expect(backUp({ ...wanted, file: 'x', dataDir: folder })).rejects.toThrow('no store');
  });

  it('has no key and no value in it, unless the keys are asked for', async () => {
    const { folder, dataDir, file, wanted } = await backedUp();
    const key = readFileSync(join(dataDir, 'keys', 'kek'));
    const forms = [key, key.toString('base64'), key.toString('hex'), 'nobody knows this'];
    for (const form of forms) expect(readFileSync(file).includes(form)).toBe(false);
    const withKeys = join(folder, 'two.backup');
    await backUp({ ...wanted, file: withKeys, withKeys: true });
    const other = join(folder, 'other');
    expect((await restoreStore(withKeys, other)).lacksKeys).toBe(false);
    expect(readFileSync(join(other, 'keys', 'kek'))).toEqual(key);
  });

  it('that is damaged or cut off is refused before anything is touched', async () => {
    const { folder, file } = await backedUp();
    const bytes = readFileSync(file);
    bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 1;
    const damaged = join(folder, 'damaged.backup');
    writeFileSync(damaged, bytes);
    const other = join(folder, 'other');
    expect(await restoring(damaged, other)).toContain('its checksum does not hold');
    truncateSync(damaged, bytes.length - 4096);
    expect(await restoring(damaged, other)).toContain('its checksum does not hold');
    truncateSync(damaged, 20);
    expect(await restoring(damaged, other)).toContain('is no backup');
    expect(await restoring(join(folder, 'none'), other)).toContain('cannot be read');
    expect(existsSync(join(other, 'registrar.db'))).toBe(false);
  });
});

describe('a restore', () => {
  it('is refused while a daemon has the data directory', async () => {
    const { file, dataDir, registry } = await backedUp();
    expect(await restoring(file, dataDir)).toContain('in use');
    expect(namesIn(registry)).toEqual(['a', 'b']);
  });

  it('keeps the store that was there, and has the Secrets that its keys open', async () => {
    const { file, dataDir, registry } = await backedUp();
    await create(registry, 'c');
    await registry.close();
    const { keptIn = '', lacksKeys } = await restoreStore(file, dataDir);
    expect(lacksKeys).toBe(false);
    expect(readdirSync(keptIn)).toContain('registrar.db');
    const restored = await opened(dataDir);
    expect(namesIn(restored)).toEqual(['a', 'b']);
    expect(restored.get('Secret', 'keys')).toBeDefined();
  });

  it('beside keys of another registrar says that they do not open its Secrets', async () => {
    const { folder, file } = await backedUp();
    const other = join(folder, 'other');
    makeKey(join(other, 'keys', 'kek'));
    chmodSync(other, 0o700);
    expect((await restoreStore(file, other)).lacksKeys).toBe(true);
  });

  it('that was interrupted keeps a daemon from making an empty store', async () => {
    const { file, dataDir, registry } = await backedUp();
    await registry.close();
    writeFileSync(join(dataDir, 'restoring'), '', { mode: 0o600 });
    await expect(openRegistry({ dataDir, clock: systemClock })).rejects.toThrow('was interrupted');
    expect(await restoring(file, dataDir)).toBe('done');
    expect(namesIn(await opened(dataDir))).toEqual(['a', 'b']);
  });
});
