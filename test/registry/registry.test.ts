import { beforeEach, describe, expect, test } from 'vitest';
import type { ModuleManifest } from '../../src/model/module.js';
import type { Registry } from '../../src/registry/registry.js';
import { aManifest } from '../helpers/builders.js';
import { FakeClock } from '../helpers/fake-clock.js';
import { openTempRegistry } from '../helpers/temp-registry.js';

let registry: Registry;
let clock: FakeClock;

beforeEach(async () => {
  clock = new FakeClock();
  ({ registry } = await openTempRegistry({ clock }));
});

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function withMeta(name: string, metadata: Partial<ModuleManifest['metadata']>): ModuleManifest {
  const manifest = aManifest(name);
  return { ...manifest, metadata: { ...manifest.metadata, ...metadata } };
}

describe('create()', () => {
  test('gives identity, version, generation, time and the first status', async () => {
    const { result, stored } = await registry.create('Module', aManifest('echo'));
    expect(result).toBe('created');
    expect(stored.object.metadata).toEqual({
      name: 'echo',
      uid: expect.stringMatching(UUID) as unknown,
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: '2026-01-01T12:00:00Z',
    });
    expect(stored.object.status).toEqual({
      ...{ phase: 'Pending', observedGeneration: 0, conditions: [], containers: [] },
      ...{ replicas: 0, readyReplicas: 0, restarts: 0 },
    });
    expect(registry.get('Module', 'echo')).toBe(stored);
    expect(JSON.parse(stored.json)).toEqual(stored.object);
  });

  test('ignores server-owned metadata, namespace, status and empty maps in the draft', async () => {
    const draft = withMeta('echo', {
      ...{ uid: 'mine', resourceVersion: '77', generation: 9, selfLink: '/x' },
      ...{ creationTimestamp: '1999-01-01T00:00:00.000Z', deletionTimestamp: '1999-01-01' },
      ...{ namespace: 'default', deletionGracePeriodSeconds: 30 },
      ...{ labels: {}, annotations: {}, finalizers: [], ownerReferences: [], managedFields: [] },
    });
    const phase = 'Running' as const;
    const status = { ...{ phase, observedGeneration: 4, replicas: 1, readyReplicas: 1 } };
    const { stored } = await registry.create('Module', {
      ...draft,
      status: { ...status, conditions: [], containers: [], restarts: 0 },
    });
    expect(stored.object.metadata).toEqual({
      name: 'echo',
      uid: expect.stringMatching(UUID) as unknown,
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: '2026-01-01T12:00:00Z',
    });
    expect(stored.object.status.phase).toBe('Pending');
  });

  test('refuses a name that is taken, in the words of Kubernetes', async () => {
    await registry.create('Module', aManifest('echo'));
    await expect(registry.create('Module', aManifest('echo'))).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
      message: 'modules.registrar.synapsis.network "echo" already exists',
      details: { name: 'echo', kind: 'Module' },
    });
  });

  test('makes a name from generateName, and wants one of the two', async () => {
    const draft = withMeta('', { generateName: 'gen-' });
    const { stored } = await registry.create('Module', draft);
    expect(stored.object.metadata.name).toMatch(/^gen-[a-z0-9]{5}$/);
    expect(registry.get('Module', stored.object.metadata.name)).toBe(stored);
    const long = await registry.create('Module', withMeta('', { generateName: 'g'.repeat(70) }));
    expect(long.stored.object.metadata.name).toHaveLength(63);
    await expect(registry.create('Module', withMeta('', {}))).rejects.toMatchObject({
      code: 'INVALID',
      details: { causes: [{ field: 'metadata.name', reason: 'FieldValueRequired' }] },
    });
  });

  test('copies the draft: it is neither frozen nor shared', async () => {
    const draft = aManifest('echo');
    const { stored } = await registry.create('Module', draft);
    draft.spec.env.push({ name: 'LATER', value: '1' });
    expect(stored.object.spec.env).toEqual([]);
    expect(Object.isFrozen(stored.object.spec.resources)).toBe(true);
  });

  test('keeps hostile keys as data', async () => {
    const labels = JSON.parse('{"__proto__":"x","constructor":"y"}') as Record<string, string>;
    const { stored } = await registry.create('Module', withMeta('__proto__', { labels }));
    expect(Object.keys(stored.object.metadata.labels ?? {})).toEqual(['__proto__', 'constructor']);
    expect(registry.get('Module', '__proto__')).toBe(stored);
    expect(registry.get('Module', 'constructor')).toBeUndefined();
    expect({}).not.toHaveProperty('x');
  });
});

describe('update()', () => {
  beforeEach(async () => {
    await registry.create('Module', withMeta('echo', { labels: { a: '1' } }));
  });

  const scaled = (replicas: number) =>
    registry.update('Module', 'echo', (current) => ({
      ...current,
      spec: { ...current.spec, replicas },
    }));

  test('raises version and generation when the spec changes', async () => {
    const { result, stored } = await scaled(3);
    expect(result).toBe('updated');
    expect(stored.object.spec.replicas).toBe(3);
    expect(stored.object.metadata).toMatchObject({ resourceVersion: '2', generation: 2 });
    expect(stored.object.metadata.labels).toEqual({ a: '1' });
  });

  test('raises only the version when metadata changes', async () => {
    const { stored } = await registry.update('Module', 'echo', (current) => ({
      ...current,
      metadata: { name: 'echo', annotations: { note: 'hi' } },
    }));
    expect(stored.object.metadata).toMatchObject({
      ...{ resourceVersion: '2', generation: 1, annotations: { note: 'hi' } },
    });
    expect(stored.object.metadata).not.toHaveProperty('labels');
  });

  test('is unchanged when nothing differs: no version, no change, no commit', async () => {
    const before = registry.stats;
    const same = await scaled(1);
    expect(same).toEqual({ result: 'unchanged', stored: registry.get('Module', 'echo') });
    const emptied = await registry.update('Module', 'echo', (current) => ({
      ...current,
      metadata: { ...current.metadata, annotations: {}, finalizers: [] },
    }));
    expect(emptied.result).toBe('unchanged');
    expect(registry.resourceVersion).toBe('1');
    expect(registry.stats).toEqual(before);
  });

  test('ignores server-owned metadata and the status', async () => {
    const { result } = await registry.update('Module', 'echo', (current) => ({
      ...current,
      metadata: { ...current.metadata, uid: 'x', generation: 99, resourceVersion: '55' },
      status: { ...current.status, phase: 'Failed' as const },
    }));
    expect(result).toBe('unchanged');
  });

  test('of the status changes nothing else, and no generation', async () => {
    const { stored } = await registry.update(
      'Module',
      'echo',
      (current) => ({
        ...current,
        metadata: { name: 'echo', labels: { b: '2' } },
        spec: { ...current.spec, replicas: 9 },
        status: { ...current.status, phase: 'Running' as const, observedGeneration: 1 },
      }),
      { subresource: 'status' },
    );
    expect(stored.object.status.phase).toBe('Running');
    expect(stored.object.spec.replicas).toBe(1);
    expect(stored.object.metadata).toMatchObject({
      ...{ labels: { a: '1' }, generation: 1, resourceVersion: '2' },
    });
  });

  test('passes on what the change throws, and stores nothing', async () => {
    const refusal = new Error('no');
    const update = registry.update('Module', 'echo', () => {
      throw refusal;
    });
    await expect(update).rejects.toBe(refusal);
    expect(registry.resourceVersion).toBe('1');
  });

  test('gives the change a frozen object', async () => {
    const update = registry.update('Module', 'echo', (current) => {
      current.spec.replicas = 2;
      return current;
    });
    await expect(update).rejects.toThrow(TypeError);
    expect(registry.get('Module', 'echo')?.object.spec.replicas).toBe(1);
  });

  test('of something that is not there is NOT_FOUND', async () => {
    await expect(registry.update('Module', 'nope', (current) => current)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'modules.registrar.synapsis.network "nope" not found',
    });
    await expect(registry.delete('Event', 'nope')).rejects.toThrow('events "nope" not found');
  });

  test('with a stale resourceVersion is a CONFLICT in the words of Kubernetes', async () => {
    await scaled(2);
    const stale = registry.update('Module', 'echo', (current) => current, { resourceVersion: '1' });
    await expect(stale).rejects.toMatchObject({
      code: 'CONFLICT',
      message:
        'Operation cannot be fulfilled on modules.registrar.synapsis.network "echo": ' +
        'the object has been modified; please apply your changes to the latest version and try again',
    });
    const fresh = registry.update('Module', 'echo', (current) => current, { resourceVersion: '2' });
    await expect(fresh).resolves.toMatchObject({ result: 'unchanged' });
  });

  test('with the uid of another object is a CONFLICT', async () => {
    const update = registry.update('Module', 'echo', (current) => current, { uid: 'other' });
    await expect(update).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(registry.delete('Module', 'echo', { uid: 'other' })).rejects.toThrow(
      'Precondition failed: UID in precondition: other',
    );
  });
});

describe('delete()', () => {
  test('removes an object without finalizers, with a version of its own', async () => {
    const created = await registry.create('Module', aManifest('echo'));
    const { result, stored } = await registry.delete('Module', 'echo');
    expect(result).toBe('deleted');
    expect(stored.object).toEqual({
      ...created.stored.object,
      metadata: { ...created.stored.object.metadata, resourceVersion: '2' },
    });
    expect(registry.get('Module', 'echo')).toBeUndefined();
    const again = await registry.create('Module', aManifest('echo'));
    expect(again.stored.object.metadata.uid).not.toBe(created.stored.object.metadata.uid);
  });

  test('starts the deletion of an object with finalizers, once', async () => {
    await registry.create('Module', withMeta('echo', { finalizers: ['example.com/hold'] }));
    await clock.advance(5000);
    const { result, stored } = await registry.delete('Module', 'echo');
    expect(result).toBe('updated');
    expect(stored.object.metadata).toMatchObject({
      deletionTimestamp: '2026-01-01T12:00:05Z',
      deletionGracePeriodSeconds: 0,
      generation: 2,
      resourceVersion: '2',
    });
    await clock.advance(5000);
    await expect(registry.delete('Module', 'echo')).resolves.toEqual({
      ...{ result: 'unchanged', stored },
    });
  });

  test('ends when the last finalizer goes', async () => {
    await registry.create('Module', withMeta('echo', { finalizers: ['a/one', 'a/two'] }));
    await registry.delete('Module', 'echo');
    const without = (finalizers: string[]) =>
      registry.update('Module', 'echo', (current) => ({
        ...current,
        metadata: { ...current.metadata, finalizers },
      }));
    expect((await without(['a/two'])).result).toBe('updated');
    const last = await without([]);
    expect(last.result).toBe('deleted');
    expect(last.stored.object.metadata.resourceVersion).toBe('4');
    expect(registry.get('Module', 'echo')).toBeUndefined();
  });

  test('refuses new finalizers while deleting', async () => {
    await registry.create('Module', withMeta('echo', { finalizers: ['a/one'] }));
    await registry.delete('Module', 'echo');
    const update = registry.update('Module', 'echo', (current) => ({
      ...current,
      metadata: { ...current.metadata, finalizers: ['a/one', 'b/new'] },
    }));
    await expect(update).rejects.toMatchObject({
      code: 'INVALID',
      message:
        'Module.registrar.synapsis.network "echo" is invalid: metadata.finalizers: ' +
        'Forbidden: no new finalizers can be added if the object is being deleted',
      details: { causes: [{ field: 'metadata.finalizers', reason: 'FieldValueForbidden' }] },
    });
  });
});

describe('dryRun', () => {
  test('answers as the write would and stores nothing', async () => {
    const dryRun = true;
    const created = await registry.create('Module', aManifest('echo'), { dryRun });
    expect(created.result).toBe('created');
    expect(created.stored.object.metadata.resourceVersion).toBe('');
    expect(registry.list('Module').items).toEqual([]);

    await registry.create('Module', aManifest('echo'));
    await expect(registry.create('Module', aManifest('echo'), { dryRun })).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
    });
    const updated = await registry.update(
      'Module',
      'echo',
      (current) => ({ ...current, spec: { ...current.spec, replicas: 5 } }),
      { dryRun },
    );
    expect(updated.result).toBe('updated');
    expect(updated.stored.object.metadata).toMatchObject({ generation: 2, resourceVersion: '1' });
    expect((await registry.delete('Module', 'echo', { dryRun })).result).toBe('deleted');
    expect(registry.get('Module', 'echo')?.object.spec.replicas).toBe(1);
    expect(registry.resourceVersion).toBe('1');
  });
});

describe('list()', () => {
  test('is sorted by name, the same array until a change, with the newest version', async () => {
    for (const name of ['web', 'axon', 'miner-2', 'miner-10']) {
      await registry.create('Module', aManifest(name));
    }
    const first = registry.list('Module');
    expect(first.items.map(({ object }) => object.metadata.name)).toEqual([
      ...['axon', 'miner-10', 'miner-2', 'web'],
    ]);
    expect(first.resourceVersion).toBe('4');
    expect(registry.list('Module').items).toBe(first.items);
    await registry.delete('Module', 'axon');
    expect(registry.list('Module').items).toHaveLength(3);
    expect(first.items).toHaveLength(4);
  });

  test('has a version that a watch can resume from, however many other kinds changed', async () => {
    ({ registry } = await openTempRegistry({ clock, changeLogLimit: 5 }));
    await registry.create('Module', aManifest('echo'));
    registry.list('Module');
    for (let i = 0; i < 20; i += 1) {
      await registry.recordEvent({
        about: { apiVersion: 'v1', kind: 'Module', name: 'echo', uid: '1' },
        ...{ type: 'Normal', reason: 'Started', message: `Started ${i}` },
      });
    }
    const { resourceVersion } = registry.list('Module');
    expect(() => registry.watch('Module', resourceVersion, () => undefined)).not.toThrow();
  });
});

test('close() stores what waits and refuses what comes after', async () => {
  const waiting = registry.create('Module', aManifest('echo'));
  const closing = registry.close();
  await expect(registry.create('Module', aManifest('late'))).rejects.toMatchObject({
    code: 'SHUTTING_DOWN',
  });
  await expect(waiting).resolves.toMatchObject({ result: 'created' });
  await closing;
  await expect(registry.close()).resolves.toBeUndefined();
});
