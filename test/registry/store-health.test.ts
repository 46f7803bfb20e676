import { copyFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { FileGuard } from '../../src/registry/file-guard.js';
import { StoreHealth } from '../../src/registry/store-health.js';
import type { Registry } from '../../src/registry/registry.js';
import { aManifest } from '../helpers/builders.js';
import { FakeClock } from '../helpers/fake-clock.js';
import { mountSmallDisk, whyNoDisk } from '../helpers/small-disk.js';
import { openTempRegistry, tempDataDir } from '../helpers/temp-registry.js';

const noDisk = whyNoDisk();

const REFUSED = { code: 'STORE_UNAVAILABLE', details: { retryAfterSeconds: 5 } };

/** Large enough not to fit into what SQLite has reserved already. */
const largeModule = (name: string) => aManifest(name, { description: 'x'.repeat(300_000) });

const namesOf = (registry: Registry) =>
  registry.list('Module').items.map(({ object }) => object.metadata.name);

describe(`a full disk${noDisk === undefined ? '' : ` (skipped: ${noDisk})`}`, () => {
  test.skipIf(noDisk !== undefined)(
    'refuses writes, leaves reads, and writes work again once there is room',
    async () => {
      const disk = mountSmallDisk('4m');
      const temp = await openTempRegistry({ dataDir: join(disk.path, 'data') });
      const { registry } = temp;
      const seen: string[] = [];
      registry.watch('Module', '0', (change) => seen.push(change.name));
      await registry.create('Module', aManifest('before'));

      disk.fill();
      await expect(registry.create('Module', largeModule('large'))).rejects.toMatchObject(REFUSED);
      expect(registry.problem()).toBe(
        `Cannot write to "${disk.path}/data/registrar.db": database or disk is full; free disk space`,
      );
      expect(namesOf(registry)).toEqual(['before']);
      expect(registry.resourceVersion).toBe('1');

      disk.free();
      await registry.create('Module', largeModule('after'));
      expect(registry.problem()).toBeUndefined();
      expect(registry.get('Module', 'after')?.object.metadata.resourceVersion).toBe('2');
      expect(seen).toEqual(['before', 'after']);

      const before = registry.list('Module').items.map(({ json }) => json);
      const again = await temp.reopen();
      expect(again.list('Module').items.map(({ json }) => json)).toEqual(before);
      await again.close();
    },
  );

  test.skipIf(noDisk !== undefined)('is not called well before it is', async () => {
    const disk = mountSmallDisk('4m');
    const clock = new FakeClock();
    const { registry } = await openTempRegistry({ clock, dataDir: join(disk.path, 'data') });
    await registry.create('Module', aManifest('before'));
    disk.fill();
    await expect(registry.create('Module', aManifest('no-room'))).rejects.toMatchObject(REFUSED);
    const tried = vi.spyOn(StoreHealth.prototype, 'checkFiles');
    onTestFinished(() => tried.mockRestore());
    await clock.advance(5000);
    expect(tried).toHaveBeenCalled();
    expect(registry.problem()).toContain('free disk space');
    disk.free();
    await clock.advance(5000);
    await expect.poll(() => registry.problem()).toBeUndefined();
  });

  test.skipIf(noDisk !== undefined)('is an unusable data directory at the start', async () => {
    const disk = mountSmallDisk('64k');
    disk.fill();
    const dataDir = join(disk.path, 'data');
    await expect(openTempRegistry({ dataDir })).rejects.toMatchObject({
      code: 'DATA_DIR_UNUSABLE',
      message:
        `Cannot use data directory "${dataDir}": database or disk is full; ` +
        'free disk space or choose another with --data-dir',
    });
  });
});

describe('another program that holds the database', () => {
  /** Holds it until the returned function is called. */
  function hold(dataDir: string): () => void {
    const other = new Sqlite(join(dataDir, 'registrar.db'));
    onTestFinished(() => void other.close());
    other.exec('BEGIN IMMEDIATE');
    return () => void other.exec('ROLLBACK');
  }

  test('makes all writes of a transaction fail, and nothing of them is left', async () => {
    const { registry, dataDir, reopen } = await openTempRegistry();
    await registry.create('Module', aManifest('echo'));
    const before = registry.list('Module').items.map(({ json }) => json);
    const release = hold(dataDir);
    const writes = [
      registry.create('Module', aManifest('new')),
      // Refused for what the write before it would have made: void with it.
      registry.create('Module', aManifest('new')),
      registry.update('Module', 'new', (current) => current),
      registry.delete('Module', 'echo'),
    ];
    const results = await Promise.allSettled(writes);
    expect(results.map(({ status }) => status)).toEqual(writes.map(() => 'rejected'));
    for (const write of writes) await expect(write).rejects.toMatchObject(REFUSED);
    expect(registry.problem()).toContain('end the other program that writes to it');
    expect(registry.stats.failures).toBe(1);
    expect(registry.list('Module').items.map(({ json }) => json)).toEqual(before);

    // A write that needs no disk is not refused.
    const same = registry.update('Module', 'echo', (current) => current);
    await expect(same).resolves.toMatchObject({ result: 'unchanged' });

    release();
    const { stored } = await registry.create('Module', aManifest('new'));
    expect(stored.object.metadata.resourceVersion).toBe('2');
    const again = await reopen();
    expect(namesOf(again)).toEqual(['echo', 'new']);
  });

  test('is noticed to be gone although nobody writes', async () => {
    const clock = new FakeClock();
    const { registry, dataDir } = await openTempRegistry({ clock });
    const release = hold(dataDir);
    await expect(registry.create('Module', aManifest('echo'))).rejects.toMatchObject(REFUSED);
    await clock.advance(5000);
    await expect.poll(() => registry.problem()).toContain('end the other program');
    release();
    await clock.advance(5000);
    await expect.poll(() => registry.problem()).toBeUndefined();
  });
});

describe('the database file', () => {
  test.each(['registrar.db', 'registrar.db-wal'])(
    '%s that is moved away stops writes until it is back',
    async (file) => {
      const { registry, dataDir } = await openTempRegistry();
      const path = join(dataDir, file);
      await registry.create('Module', aManifest('echo'));
      renameSync(path, `${path}.away`);
      await expect(registry.create('Module', aManifest('lost'))).rejects.toMatchObject(REFUSED);
      expect(registry.problem()).toBe(
        `Database file "${path}" was removed or replaced while in use; put it back, or restart the daemon`,
      );
      expect(namesOf(registry)).toEqual(['echo']);
      renameSync(`${path}.away`, path);
      await registry.create('Module', aManifest('kept'));
      expect(registry.problem()).toBeUndefined();
    },
  );

  test('that cannot be looked for stops writes and nothing else', async () => {
    const { registry, dataDir } = await openTempRegistry();
    renameSync(dataDir, `${dataDir}.away`);
    symlinkSync(dataDir, dataDir);
    await expect(registry.create('Module', aManifest('lost'))).rejects.toMatchObject(REFUSED);
    expect(registry.problem()).toContain('was removed or replaced while in use');
    rmSync(dataDir);
    renameSync(`${dataDir}.away`, dataDir);
    await registry.create('Module', aManifest('kept'));
    expect(registry.problem()).toBeUndefined();
  });

  test('that is replaced by a copy stops writes', async () => {
    const { registry, dataDir } = await openTempRegistry();
    const path = join(dataDir, 'registrar.db');
    copyFileSync(path, `${path}.copy`);
    renameSync(`${path}.copy`, path);
    await expect(registry.create('Module', aManifest('lost'))).rejects.toMatchObject(REFUSED);
  });

  test('that goes during a commit stops writes for good, also when it comes back', () => {
    const path = join(tempDataDir(), 'registrar.db');
    writeFileSync(path, '');
    const health = new StoreHealth(path, new FileGuard([path]));
    health.checkCommitted();
    renameSync(path, `${path}.away`);
    expect(() => health.checkCommitted()).toThrow('restart the daemon');
    renameSync(`${path}.away`, path);
    expect(() => health.checkFiles()).toThrow('restart the daemon');
    rmSync(path);
    expect(health.problem()).toContain('restart the daemon');
  });
});
