import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Change, Registry } from '../../src/registry/registry.js';
import { aManifest } from '../helpers/builders.js';
import { openTempRegistry } from '../helpers/temp-registry.js';

const names = (count: number) => Array.from({ length: count }, (_, i) => `m-${i}`);

const createAll = (registry: Registry, all: readonly string[]) =>
  Promise.all(all.map((name) => registry.create('Module', aManifest(name))));

const addOne = (registry: Registry, name: string) =>
  registry.update('Module', name, (current) => ({
    ...current,
    spec: { ...current.spec, replicas: current.spec.replicas + 1 },
  }));

describe('writes that arrive together', () => {
  test('share a commit', async () => {
    const { registry } = await openTempRegistry();
    await createAll(registry, names(100));
    expect(registry.stats).toMatchObject({ commits: 1, changes: 100, waiting: 0, failures: 0 });
  });

  test('share a commit also when each turn of the event loop brings but one', async () => {
    const { registry } = await openTempRegistry();
    const writes: Promise<unknown>[] = [];
    for (const name of names(20)) {
      const turn = setImmediate();
      writes.push(registry.create('Module', aManifest(name)));
      await turn;
    }
    await Promise.all(writes);
    expect(registry.stats.commits).toBe(1);
  });

  test('are stored in several transactions when they are many', async () => {
    const { registry } = await openTempRegistry();
    await createAll(registry, names(300));
    expect(registry.stats.commits).toBe(3);
    expect(registry.list('Module').items).toHaveLength(300);
  });

  test('get versions in the order they came', async () => {
    const { registry } = await openTempRegistry();
    const written = await createAll(registry, names(50));
    const versions = written.map(({ stored }) => stored.object.metadata.resourceVersion);
    expect(versions).toEqual(Array.from({ length: 50 }, (_, i) => String(i + 1)));
  });

  test('see what those before them do', async () => {
    const { registry } = await openTempRegistry();
    const results = await Promise.allSettled([
      registry.create('Module', aManifest('echo')),
      registry.create('Module', aManifest('echo')),
      addOne(registry, 'echo'),
      registry.update('Module', 'echo', (current) => current, { resourceVersion: '1' }),
      registry.delete('Module', 'echo'),
      addOne(registry, 'echo'),
      registry.create('Module', aManifest('echo')),
    ]);
    const shown = results.map((one) =>
      one.status === 'fulfilled' ? one.value.result : (one.reason as { code: string }).code,
    );
    expect(shown).toEqual([
      ...['created', 'ALREADY_EXISTS', 'updated', 'CONFLICT', 'deleted', 'NOT_FOUND', 'created'],
    ]);
    expect(registry.stats.commits).toBe(1);
    const echo = registry.get('Module', 'echo')?.object;
    expect(echo).toMatchObject({ spec: { replicas: 1 }, metadata: { resourceVersion: '4' } });
  });

  test('do not fail because one among them does', async () => {
    const { registry } = await openTempRegistry();
    const broken = registry.create('Module', aManifest(''));
    const fine = registry.create('Module', aManifest('echo'));
    await expect(broken).rejects.toMatchObject({ code: 'INVALID' });
    await expect(fine).resolves.toMatchObject({ result: 'created' });
  });

  test('leave no gap in the versions when one cannot be made JSON', async () => {
    const { registry } = await openTempRegistry();
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    const broken = aManifest('broken');
    const ownerReferences = [circular];
    const writes = await Promise.allSettled([
      registry.create('Module', { ...broken, metadata: { name: 'broken', ownerReferences } }),
      registry.create('Module', aManifest('echo')),
    ]);
    expect(writes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(registry.get('Module', 'echo')?.object.metadata.resourceVersion).toBe('1');
  });

  test('never lose an update', async () => {
    const { registry } = await openTempRegistry();
    await registry.create('Module', aManifest('echo', { replicas: 0 }));
    const rounds = Array.from({ length: 5 }, async () => {
      for (let i = 0; i < 20; i += 1) await addOne(registry, 'echo');
    });
    await Promise.all(rounds);
    expect(registry.get('Module', 'echo')?.object).toMatchObject({
      ...{ spec: { replicas: 100 }, metadata: { generation: 101, resourceVersion: '101' } },
    });
  });
});

describe('those who look', () => {
  test('see nothing of a write before it is stored', async () => {
    const { registry } = await openTempRegistry();
    const seen: string[] = [];
    registry.watch('Module', '0', (change) => seen.push(change.name));
    const write = registry.create('Module', aManifest('echo'));
    expect(registry.get('Module', 'echo')).toBeUndefined();
    const { stored } = await write;
    expect(registry.get('Module', 'echo')).toBe(stored);
    expect(seen).toEqual(['echo']);
  });

  test('are told in order, when the read model has the change', async () => {
    const { registry } = await openTempRegistry();
    const seen: string[] = [];
    registry.watch('Module', '0', ({ type, name, resourceVersion }) => {
      const count = registry.list('Module').items.length;
      seen.push(`${type} ${name} ${resourceVersion} ${count}`);
    });
    await createAll(registry, ['one', 'two']);
    await registry.delete('Module', 'one');
    expect(seen).toEqual(['ADDED one 1 2', 'ADDED two 2 2', 'DELETED one 3 1']);
  });

  test('who throw end their own watch only', async () => {
    const { registry } = await openTempRegistry();
    const failure = new Error('a bug in a sink');
    const uncaught = new Promise((resolve) => {
      const others = process.listeners('uncaughtException');
      process.removeAllListeners('uncaughtException');
      process.once('uncaughtException', (error) => {
        for (const other of others) process.on('uncaughtException', other);
        resolve(error);
      });
    });
    const seen: Change[] = [];
    registry.watch('Module', '0', () => {
      throw failure;
    });
    registry.watch('Module', '0', (change) => seen.push(change));
    await registry.create('Module', aManifest('one'));
    expect(await uncaught).toBe(failure);
    await registry.create('Module', aManifest('two'));
    expect(seen.map(({ name }) => name)).toEqual(['one', 'two']);
  });

  test('who begin a watch while being told get no change twice', async () => {
    const { registry } = await openTempRegistry();
    const inner: string[] = [];
    const stop = registry.watch('Module', '0', () => {
      stop();
      registry.watch('Module', '0', (change) => inner.push(change.name));
    });
    await createAll(registry, ['one', 'two', 'three']);
    await createAll(registry, ['four']);
    expect(inner).toEqual(['one', 'two', 'three', 'four']);
  });
});
