import { describe, expect, it, onTestFinished } from 'vitest';
import { SetController } from '../../src/controller/sets/set-controller.js';
import { silentLog } from '../../src/lib/log.js';
import type { Module } from '../../src/model/module.js';
import type { ModuleSetSpec } from '../../src/model/module-set.js';
import { API_VERSION, UPDATE_NOW_ANNOTATION } from '../../src/model/names.js';
import { followSets } from '../../src/triggers/sets.js';
import { FOLLOWED, followAtOnce, upToDate, withRegistry } from '../helpers/followed-image.js';
import { isReady } from '../helpers/loop.js';
import type { Loop } from '../helpers/loop.js';

const NAMES = ['miners-a', 'miners-b', 'miners-c'];
const BAKE_SECONDS = 120;

const ROLLOUT: ModuleSetSpec['rollout'] = {
  ...{ maxUnavailable: 1, bakeSeconds: BAKE_SECONDS, progressDeadlineSeconds: 600 },
  ...{ updates: 'OneFirst', paused: false },
};

const digestOf = (loop: Loop, name: string) => loop.module(name).status.imageDigest;
const reasonOf = (loop: Loop, name: string) => upToDate(loop.module(name))?.reason;
const messageOf = (loop: Loop, name: string) => upToDate(loop.module(name))?.message;

/** Those that run an image, in the order in which they took it up. */
function runners(loop: Loop, digest: string): string[] {
  const takenAt = (name: string) => loop.module(name).status.updates?.current?.takenAt ?? '';
  return NAMES.filter((name) => digestOf(loop, name) === digest).toSorted((a, b) =>
    takenAt(a).localeCompare(takenAt(b)),
  );
}

/** A loop with a set of three modules that follow the tag of an image, and run the first one. */
async function staged(rollout: Partial<ModuleSetSpec['rollout']> = {}, spec: object = {}) {
  const { loop, publish } = await withRegistry();
  const { registry, clock } = loop;
  const sets = new SetController({ registry, clock, log: silentLog, record: () => undefined });
  const end = followSets(registry, (names) => sets.enqueue(names));
  sets.start();
  onTestFinished(async () => {
    end();
    await sets.stop();
  });
  const first = publish();
  const template = {
    spec: {
      ...{ version: '1.0.0', type: 'miner', license: 'MIT', image: FOLLOWED, ...spec },
      updates: followAtOnce(),
    },
  };
  await registry.create('ModuleSet', {
    ...{ apiVersion: API_VERSION, kind: 'ModuleSet', metadata: { name: 'miners' } },
    spec: {
      instances: [{ name: 'a' }, { name: 'b' }, { name: 'c' }],
      ...{ template, rollout: { ...ROLLOUT, ...rollout } },
    },
  });
  const isThere = (name: string): boolean => registry.get('Module', name) !== undefined;
  const isCurrent = (name: string): boolean =>
    isThere(name) && isReady(loop.module(name)) && reasonOf(loop, name) === 'Current';
  await loop.until(() => NAMES.every(isCurrent));
  const all = (digest: string): boolean =>
    NAMES.every((name) => digestOf(loop, name) === digest && isReady(loop.module(name)));
  return { loop, publish, first, all };
}

const QUICK = { strategy: { type: 'Recreate', minReadySeconds: 0 } };

describe('a set of which one module takes up what is new first', () => {
  it('goes on with the others, one at a time, once that one has baked', async () => {
    const { loop, publish, first, all } = await staged({}, QUICK);
    const next = publish();
    await loop.until(() => runners(loop, next).length === 1);
    expect(runners(loop, next)).toEqual(['miners-a']);
    await loop.until(
      () => reasonOf(loop, 'miners-c') === 'WaitsForSet' && isReady(loop.module('miners-a')),
    );
    const wellAt = loop.clock.now();
    await loop.advance((BAKE_SECONDS - 30) * 1000);
    expect([runners(loop, next), runners(loop, first)]).toEqual([
      ['miners-a'],
      ['miners-b', 'miners-c'],
    ]);
    expect(messageOf(loop, 'miners-b')).toContain('module "miners-a" has to stay well with it');
    let most = 0;
    await loop.until(() => {
      const unready = NAMES.filter((name) => !isReady(loop.module(name))).length;
      most = Math.max(most, unready);
      return all(next);
    });
    expect(most).toBe(1);
    expect(loop.clock.now() - wellAt).toBeGreaterThanOrEqual((BAKE_SECONDS - 5) * 1000);
    await loop.until(() => NAMES.every((name) => reasonOf(loop, name) === 'Current'));
  });

  it('does not take up at all what the first one goes back from, and says why', async () => {
    const { loop, publish, first, all } = await staged(
      {},
      { strategy: { minReadySeconds: 60, progressDeadlineSeconds: 300 } },
    );
    const { engine } = loop.runtime;
    const old = new Set(engine.containers.keys());
    const bad = publish();
    await loop.until(() => {
      for (const [id, { state }] of engine.containers) {
        if (!old.has(id) && state === 'running') engine.crash(id, 3);
      }
      return (loop.module('miners-a').status.quarantined ?? []).length > 0;
    });
    await loop.until(() =>
      ['miners-b', 'miners-c'].every((name) => reasonOf(loop, name) === 'HeldBySet'),
    );
    expect(messageOf(loop, 'miners-b')).toContain('"miners-a" of the same set went back from it');
    await loop.advance(600_000);
    for (const name of ['miners-b', 'miners-c']) {
      expect([name, digestOf(loop, name)]).toEqual([name, first]);
      expect(loop.module(name).status.updates?.current?.id ?? first).not.toBe(bad);
    }
    const good = publish();
    await loop.until(() => runners(loop, good).length === 1);
    await loop.until(() => all(good));
  });

  it('lets a person name one that need not wait', async () => {
    const { loop, publish, first } = await staged({ bakeSeconds: 3600 }, QUICK);
    const next = publish();
    await loop.until(() => reasonOf(loop, 'miners-c') === 'WaitsForSet');
    await loop.registry.update('Module', 'miners-c', (module: Module) => ({
      ...module,
      metadata: { ...module.metadata, annotations: { [UPDATE_NOW_ANNOTATION]: next } },
    }));
    await loop.until(() => digestOf(loop, 'miners-c') === next);
    expect(digestOf(loop, 'miners-b')).toBe(first);
  });

  it('takes up nothing while its rollout is paused', async () => {
    const { loop, publish, first, all } = await staged({ paused: true }, QUICK);
    publish();
    await loop.until(() => NAMES.every((name) => reasonOf(loop, name) === 'WaitsForSet'));
    await loop.advance(300_000);
    expect(all(first)).toBe(true);
    expect(messageOf(loop, 'miners-a')).toContain('the rollout of set "miners" is paused');
  });
});

describe('a set that does not say so', () => {
  it('lets each module take up what is new by itself', async () => {
    const { loop, publish, all } = await staged({ updates: 'Each', bakeSeconds: 3600 }, QUICK);
    const next = publish();
    await loop.until(() => all(next));
  });
});
