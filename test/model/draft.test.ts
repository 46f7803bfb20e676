import { describe, expect, it } from 'vitest';
import { draftOf } from '../../src/model/draft.js';
import {
  CONFIG_FILE_ANNOTATION,
  CONTAINERS_FINALIZER,
  PRUNE_HELD_ANNOTATION,
  RESTARTED_AT_ANNOTATION,
} from '../../src/model/names.js';
import type { Module, ModuleManifest } from '../../src/model/module.js';

const aManifest = (metadata: object = {}): ModuleManifest =>
  ({
    apiVersion: 'registrar.synapsis.network/v1',
    kind: 'Module',
    metadata: { name: 'echo', ...metadata },
    spec: { version: '1.0.0' },
  }) as unknown as ModuleManifest;

const aStored = (metadata: object = {}): Module =>
  ({ ...aManifest(metadata), status: { phase: 'Running' } }) as unknown as Module;

describe('draftOf()', () => {
  it('makes the deletion of a new module wait for its containers', () => {
    expect(draftOf(aManifest())).toEqual({
      ...aManifest(),
      metadata: { name: 'echo', finalizers: [CONTAINERS_FINALIZER] },
    });
  });

  it('names the finalizer once, after those of the manifest', () => {
    const twice = draftOf(aManifest({ finalizers: ['a.b/c', CONTAINERS_FINALIZER] }));
    expect(twice.metadata.finalizers).toEqual(['a.b/c', CONTAINERS_FINALIZER]);
    const once = draftOf(aManifest({ finalizers: ['a.b/c'] }));
    expect(once.metadata.finalizers).toEqual(['a.b/c', CONTAINERS_FINALIZER]);
  });

  it('lets a module that is being deleted lose its finalizers, but only when told to', () => {
    const current = aStored({
      deletionTimestamp: '2026-01-01T00:00:00Z',
      finalizers: [CONTAINERS_FINALIZER],
    });
    expect(draftOf(aManifest({ finalizers: [] }), { current }).metadata).toEqual({ name: 'echo' });
    const silent = draftOf(aManifest(), { current });
    expect(silent.metadata.finalizers).toEqual([CONTAINERS_FINALIZER]);
  });

  it('gives no finalizer to a kind without containers, and keeps no restart of it', () => {
    const policy = { ...aManifest(), kind: 'Policy' };
    expect(draftOf(policy).metadata).toEqual({ name: 'echo' });
    const annotations = { [RESTARTED_AT_ANNOTATION]: 'then', [CONFIG_FILE_ANNOTATION]: 'a.yaml' };
    expect(draftOf(policy, { current: aStored({ annotations }) }).metadata).toEqual({
      ...{ name: 'echo', annotations: { [CONFIG_FILE_ANNOTATION]: 'a.yaml' } },
    });
  });

  it('ignores a status', () => {
    const manifest = { ...aManifest(), status: { phase: 'Failed' } } as unknown as ModuleManifest;
    expect(draftOf(manifest, { current: aStored() })).not.toHaveProperty('status');
  });

  it('keeps a restart that the manifest does not mention', () => {
    const current = aStored({ annotations: { [RESTARTED_AT_ANNOTATION]: 'then', note: 'old' } });
    expect(draftOf(aManifest(), { current }).metadata.annotations).toEqual({
      [RESTARTED_AT_ANNOTATION]: 'then',
    });
    const again = aManifest({ annotations: { [RESTARTED_AT_ANNOTATION]: 'now' } });
    expect(draftOf(again, { current }).metadata.annotations).toEqual({
      [RESTARTED_AT_ANNOTATION]: 'now',
    });
  });

  it('takes the owning file from the caller or the stored module, never from the manifest', () => {
    const claimed = aManifest({ annotations: { [CONFIG_FILE_ANNOTATION]: 'mine.yaml' } });
    const current = aStored({ annotations: { [CONFIG_FILE_ANNOTATION]: 'old.yaml' } });
    const ownerOf = (context: Parameters<typeof draftOf>[1]): string | undefined =>
      draftOf(claimed, context).metadata.annotations?.[CONFIG_FILE_ANNOTATION];
    expect(ownerOf({})).toBeUndefined();
    expect(ownerOf({ current })).toBe('old.yaml');
    expect(ownerOf({ current, configFile: 'new.yaml' })).toBe('new.yaml');
  });

  it('keeps a hold until a file declares the module again, whatever the manifest says', () => {
    const claimed = aManifest({ annotations: { [PRUNE_HELD_ANNOTATION]: 'Mine' } });
    const current = aStored({ annotations: { [PRUNE_HELD_ANNOTATION]: 'DirectoryEmpty' } });
    const heldIn = (context: Parameters<typeof draftOf>[1]): string | undefined =>
      draftOf(claimed, context).metadata.annotations?.[PRUNE_HELD_ANNOTATION];
    expect(heldIn({})).toBeUndefined();
    expect(heldIn({ current })).toBe('DirectoryEmpty');
    expect(heldIn({ current, configFile: 'new.yaml' })).toBeUndefined();
  });

  it('leaves out server-owned metadata and empty maps', () => {
    const manifest = aManifest({ uid: 'x', resourceVersion: '7', generation: 4, labels: {} });
    expect(Object.keys(draftOf(manifest).metadata)).toEqual(['name', 'finalizers']);
  });
});
