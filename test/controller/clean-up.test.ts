import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { cleanUp, cleanUpByItself, superfluous } from '../../src/controller/clean-up.js';
import { silentLog } from '../../src/lib/log.js';
import type { OwnedImage } from '../../src/model/container.js';
import type { Module } from '../../src/model/module.js';
import { NOON } from '../helpers/builders.js';
import { readableLog } from '../helpers/log-lines.js';
import { settle } from '../helpers/fake-clock.js';
import { isReady, startLoop } from '../helpers/loop.js';
import { preparationParts } from '../helpers/preparation-parts.js';
import { temporaryFolder } from '../helpers/git-repository.js';

const image = (id: string, ageMinutes: number): OwnedImage => ({
  ...{ id, isUsed: false, references: [`registrar-1/web:${id}`], labels: {}, bytes: 1 },
  createdAt: new Date(NOON - ageMinutes * 60_000).toISOString(),
});

it('finds images that no module and no revision needs, but none that was built just now', () => {
  const needed = { images: new Set(['used']), commits: new Set<string>() };
  const images = [image('used', 600), image('old', 61), image('new', 59)];
  const ofSomebody = { ...image('somebody', 600), isUsed: true };
  expect(superfluous([...images, ofSomebody], needed, NOON).map(({ id }) => id)).toEqual(['old']);
});

it('removes them, and leaves what others made and what is needed', async () => {
  const loop = await startLoop();
  await loop.apply('web', {});
  await loop.until(() => isReady(loop.module('web')));
  const { instanceId } = loop.registry;
  const label = { 'registrar.synapsis.network/instance': instanceId };
  const stale = loop.runtime.engine.addImage('registrar-1/web:a', { labels: label });
  const foreign = loop.runtime.engine.addImage('other:1');
  await loop.advance(2 * 60 * 60_000);
  expect(loop.runtime.engine.images.has(stale.id)).toBe(false);
  expect(loop.runtime.engine.images.has(foreign.id)).toBe(true);
  expect(loop.runtime.engine.images.has('sample:1')).toBe(true);
});

it('that fails says so and fails nothing else', async () => {
  const loop = await startLoop();
  loop.runtime.goAway();
  const { sources, packages } = preparationParts(temporaryFolder('clean-up'));
  const { registry, runtime, clock } = loop;
  await expect(
    cleanUpByItself({ registry, runtime, sources, packages, clock, log: silentLog }),
  ).resolves.toBeUndefined();
});

it('is waited for by a daemon that ends', async () => {
  const { sources } = preparationParts(temporaryFolder('clean-up'));
  let done = (): void => undefined;
  vi.spyOn(sources, 'prune').mockReturnValue(new Promise((resolve) => (done = () => resolve([]))));
  const loop = await startLoop({ options: { sources } });
  await loop.advance(2 * 60 * 60_000);
  const ended = vi.fn<() => void>();
  const ending = loop.stop().then(ended);
  await settle();
  expect(ended).not.toHaveBeenCalled();
  done();
  await ending;
});

it('that fails on the way has told what it removed by then', async () => {
  const { registry, clock } = await startLoop();
  const { log, text } = readableLog();
  const runtime = {
    listVolumes: async () => [],
    listImages: async () => [image('first', 90), image('second', 90)],
    removeImage: async (id: string) => {
      if (id === 'second') throw new Error('The engine went away');
      return true;
    },
  };
  const { sources, packages } = preparationParts(temporaryFolder('clean-up'));
  await cleanUpByItself({ registry, runtime, sources, packages, clock, log });
  const [removed, failed] = text().split('\n');
  expect(removed).toContain('"name":"registrar-1/web:first","msg":"Removed');
  expect(failed).toContain('The engine went away');
});

it('leaves an image that is needed again since it began', async () => {
  const loop = await startLoop();
  await loop.apply('web', {});
  await loop.until(() => isReady(loop.module('web')));
  const { registry, clock } = loop;
  await loop.stop();
  const removed: string[] = [];
  const runtime = {
    listVolumes: async () => [],
    listImages: async () => [image('first', 90), image('second', 90)],
    removeImage: async (id: string) => {
      removed.push(id);
      const status = { ...loop.module('web').status, imageId: 'second' };
      const change = (current: Module): Module => ({ ...current, status });
      await registry.update('Module', 'web', change, { subresource: 'status' });
      return true;
    },
  };
  const { sources, packages } = preparationParts(temporaryFolder('clean-up'));
  await cleanUp({ registry, runtime, sources, packages, clock, log: silentLog });
  expect(removed).toEqual(['first']);
});

it('tells in a dry run just what it removes next, and of volumes only those of no module', async () => {
  const loop = await startLoop();
  const volumes = [{ name: 'state', mountPath: '/data', readOnly: false }];
  await Promise.all(['kept', 'gone'].map((name) => loop.apply(name, { volumes })));
  await loop.until(() => ['kept', 'gone'].every((name) => isReady(loop.module(name))));
  await loop.registry.delete('Module', 'gone');
  await loop.until(() => loop.registry.get('Module', 'gone') === undefined);
  const { operations } = loop.controller;
  await loop.advance(2 * 60 * 60_000);
  const { instanceId } = loop.registry;
  const old = new Date(loop.clock.now() - 2 * 60 * 60_000).toISOString();
  const labels = { 'registrar.synapsis.network/instance': instanceId };
  loop.runtime.engine.addImage('registrar-1/web:a', { labels, createdAt: old, bytes: 7 });
  const told = await operations.cleanUp(true);
  expect(told).toMatchObject({ removed: [{ kind: 'image', name: 'registrar-1/web:a', bytes: 7 }] });
  expect(told.volumes).toEqual([expect.stringMatching(/_gone_state$/)]);
  expect(loop.runtime.engine.images.has('registrar-1/web:a')).toBe(true);
  expect(await operations.cleanUp(false)).toEqual(told);
  expect(loop.runtime.engine.images.has('registrar-1/web:a')).toBe(false);
  expect(await operations.cleanUp(true)).toEqual({ removed: [], volumes: told.volumes });
  const [name = ''] = told.volumes;
  let begun = 0;
  const begin = async (): Promise<void> => void (begun += 1);
  const kept = name.replace('_gone_', '_kept_');
  await expect(operations.removeVolume(kept, begin)).rejects.toThrow('is of module "kept"');
  await expect(operations.removeVolume('other', begin)).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  expect(begun).toBe(0);
  await operations.removeVolume(name, begin);
  expect(begun).toBe(1);
  expect((await operations.cleanUp(true)).volumes).toEqual([]);
  expect([...loop.runtime.engine.volumes.keys()]).toEqual([kept]);
});

it.each(['sources', 'packages'] as const)('removes images while %s refuse', async (which) => {
  const { registry, clock } = await startLoop();
  const removeImage = vi.fn<(id: string) => Promise<boolean>>(async () => true);
  const listImages = async () => [image('old', 90)];
  const runtime = { listVolumes: async () => [], listImages, removeImage };
  const { sources, packages } = preparationParts(temporaryFolder('clean-up'));
  const parts = { registry, runtime, sources, packages, clock, log: silentLog };
  vi.spyOn(parts[which], 'prune').mockRejectedValue(new Error('The disk refused'));
  await expect(cleanUp(parts)).rejects.toThrow('The disk refused');
  expect(removeImage).toHaveBeenCalledWith('old');
});

/** A package that no version lists. */
async function forgottenPackage() {
  const loop = await startLoop();
  const { registry, runtime, clock } = loop;
  const folder = temporaryFolder('clean-up');
  const { sources, packages } = preparationParts(folder);
  const archive = join(folder, 'source.tar');
  writeFileSync(archive, 'of a version that was forgotten');
  const made = await packages.keep(archive, new AbortController().signal);
  const path = join(folder, 'packages', `${made.hash.slice('sha256:'.length)}.tar.gz`);
  const lastUsed = (minutesAgo: number): void => {
    const seconds = clock.now() / 1000 - minutesAgo * 60;
    utimesSync(path, seconds, seconds);
  };
  const parts = { registry, runtime, sources, packages, clock, log: silentLog };
  return { loop, parts, made, lastUsed, isThere: () => existsSync(path) };
}

it('removes a package that no version lists, but none that was made just now', async () => {
  const { parts, made, lastUsed, isThere } = await forgottenPackage();
  lastUsed(59);
  expect((await cleanUp(parts)).removed).toEqual([]);
  lastUsed(61);
  const gone = { kind: 'package', name: made.hash, bytes: made.bytes };
  expect((await cleanUp(parts, true)).removed).toMatchObject([gone]);
  expect(isThere()).toBe(true);
  expect((await cleanUp(parts)).removed).toMatchObject([gone]);
  expect(isThere()).toBe(false);
});

it('makes room on this host also while the engine is away', async () => {
  const { loop, parts, lastUsed, isThere } = await forgottenPackage();
  lastUsed(61);
  loop.runtime.goAway();
  await cleanUpByItself(parts);
  expect(isThere()).toBe(false);
});
