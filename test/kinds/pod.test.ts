import { describe, expect, test } from 'vitest';
import type { Module } from '../../src/model/module.js';
import { openTempRegistry } from '../helpers/temp-registry.js';
import { aManifest } from '../helpers/builders.js';

const container = (slot: number, more: object = {}) => ({
  ...{ slot, name: `echo-1234567-${slot}`, id: `id-${slot}`, state: 'running' },
  revision: '1234567890abcdef',
  ...{ health: 'none' as const, ready: true, restarts: 0, engineRestarts: 0, failures: 0 },
  ...{ startedAt: '2026-01-01T12:00:00Z' },
  ...more,
});

const withContainers =
  (...containers: ReturnType<typeof container>[]) =>
  (module: Module): Module => ({ ...module, status: { ...module.status, containers } });

async function aModuleWith(...containers: ReturnType<typeof container>[]) {
  const store = await openTempRegistry();
  await store.registry.create('Module', aManifest('echo'));
  const set = (...next: ReturnType<typeof container>[]) =>
    store.registry.update('Module', 'echo', withContainers(...next), { subresource: 'status' });
  await set(...containers);
  return { ...store, registry: store.registry, set };
}

describe('the pods of a module', () => {
  test('are its containers, by slot', async () => {
    const { registry } = await aModuleWith(container(0), container(1, { id: undefined }));
    const pods = registry.list('Pod').items.map(({ object }) => object);
    expect(pods.map(({ metadata }) => metadata.name)).toEqual(['echo-0']);
    expect(pods[0]).toMatchObject({
      metadata: {
        namespace: 'default',
        labels: { 'registrar.synapsis.network/module': 'echo' },
        ownerReferences: [{ kind: 'Module', name: 'echo' }],
      },
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
    });
  });

  test('have an identity of their own, the same for the same container', async () => {
    const { registry, set } = await aModuleWith(container(0));
    const uid = () => registry.get('Pod', 'echo-0')?.object.metadata.uid;
    const first = uid();
    expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    await set(container(0, { restarts: 1 }));
    expect(uid()).toBe(first);
    await set(container(0, { id: 'another' }));
    expect(uid()).not.toBe(first);
  });

  test('say how a container that ended did', async () => {
    const lastExit = { code: 137, reason: 'OOMKilled', at: '2026-01-01T12:01:00Z' };
    const ended = container(0, { state: 'exited', ready: false, lastExit });
    const { registry } = await aModuleWith(ended);
    const pod = registry.get('Pod', 'echo-0')?.object;
    expect(pod?.status).toMatchObject({
      phase: 'Failed',
      containerStatuses: [{ state: { terminated: { exitCode: 137, reason: 'OOMKilled' } } }],
    });
  });
});

test('nothing is claimed of a pod while the engine cannot be seen', async () => {
  const { registry } = await aModuleWith(container(0));
  const ready = (status: 'True' | 'Unknown') => ({
    ...{ type: 'Ready', status, reason: 'X', message: 'x' },
    ...{ lastTransitionTime: '2026-01-01T12:00:00Z', observedGeneration: 1 },
  });
  const say = (status: 'True' | 'Unknown') =>
    registry.update(
      'Module',
      'echo',
      (module) => ({ ...module, status: { ...module.status, conditions: [ready(status)] } }),
      { subresource: 'status' },
    );
  const pod = () => registry.get('Pod', 'echo-0')?.object.status;
  await say('Unknown');
  expect(pod()).toMatchObject({
    phase: 'Unknown',
    conditions: [{ type: 'Ready', status: 'Unknown' }],
  });
  await say('True');
  expect(pod()).toMatchObject({ phase: 'Running', conditions: [{ status: 'True' }] });
});

describe('in the store', () => {
  test('each change has a version of its own, and an unchanged pod has none', async () => {
    const { registry, set } = await aModuleWith(container(0));
    const since = registry.resourceVersion;
    const seen: string[] = [];
    registry.watch('Pod', since, ({ type, name, resourceVersion }) =>
      seen.push(`${type} ${name} +${Number(resourceVersion) - Number(since)}`),
    );
    await set(container(0), container(1));
    await set(container(0), container(1, { ready: false }));
    await set(container(0));
    expect(seen).toEqual(['ADDED echo-1 +2', 'MODIFIED echo-1 +4', 'DELETED echo-1 +6']);
  });

  test('another container under the same name is another pod', async () => {
    const { registry, set } = await aModuleWith(container(0));
    const seen: string[] = [];
    registry.watch('Pod', registry.resourceVersion, ({ type }) => seen.push(type));
    await set(container(0, { id: 'another' }));
    expect(seen).toEqual(['DELETED', 'ADDED']);
  });

  test('they go with their module', async () => {
    const { registry } = await aModuleWith(container(0));
    await registry.delete('Module', 'echo');
    await registry
      .update('Module', 'echo', (module) => ({
        ...module,
        metadata: { ...module.metadata, finalizers: [] },
      }))
      .catch(() => undefined);
    expect(registry.get('Module', 'echo')).toBeUndefined();
    expect(registry.list('Pod').items).toEqual([]);
  });

  test('they are there after a restart, which writes nothing', async () => {
    const store = await aModuleWith(container(0));
    const { resourceVersion } = store.registry;
    const registry = await store.reopen();
    expect(registry.list('Pod').items.map(({ object }) => object.metadata.name)).toEqual([
      'echo-0',
    ]);
    expect(registry.resourceVersion).toBe(resourceVersion);
  });

  test('a store from before there were pods gets them when it is opened', async () => {
    const store = await aModuleWith(container(0));
    await store.close();
    const { default: Sqlite } = await import('better-sqlite3');
    const database = new Sqlite(`${store.dataDir}/registrar.db`);
    database.exec("DELETE FROM objects WHERE kind = 'Pod'");
    database.close();
    const registry = await store.reopen();
    expect(registry.get('Pod', 'echo-0')?.object.status.phase).toBe('Running');
  });
});
