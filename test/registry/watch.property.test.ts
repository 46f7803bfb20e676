import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { test as example } from 'vitest';
import { isRegistrarError } from '../../src/model/errors.js';
import type { Change, Registry, Written } from '../../src/registry/registry.js';
import { aManifest } from '../helpers/builders.js';
import { openTempRegistry } from '../helpers/temp-registry.js';

const LIMIT = 6;

interface Write {
  readonly verb: 'create' | 'update' | 'delete' | 'event';
  readonly name: string;
}

type Step =
  | { readonly kind: 'write'; readonly together: readonly Write[] }
  /** From some point of the history, 0 for its beginning and 1 for now. */
  | { readonly kind: 'watch'; readonly from: number }
  | { readonly kind: 'reopen' };

const write = fc.record({
  verb: fc.constantFrom('create', 'update', 'delete', 'event'),
  name: fc.constantFrom('one', 'two', 'three'),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('write'),
      together: fc.array(write, { minLength: 1, maxLength: 5 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('watch'),
      from: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'reopen' }) },
);

/** What the writers were told, and so what watchers have to see. */
interface Entry {
  readonly type: Change['type'];
  readonly name: string;
  readonly version: number;
  readonly json: string;
}

const TYPES = { created: 'ADDED', updated: 'MODIFIED', deleted: 'DELETED' } as const;

function entryOf({ result, stored }: Written<'Module'>): Entry[] {
  if (result === 'unchanged') return [];
  const { name, resourceVersion } = stored.object.metadata;
  return [{ type: TYPES[result], name, version: Number(resourceVersion), json: stored.json }];
}

function perform(registry: Registry, { verb, name }: Write): Promise<Written<'Module'>> {
  switch (verb) {
    case 'create':
      return registry.create('Module', aManifest(name));
    case 'delete':
      return registry.delete('Module', name);
    default:
      return registry.update('Module', name, (current) => ({
        ...current,
        spec: { ...current.spec, replicas: current.spec.replicas + 1 },
      }));
  }
}

async function performAll(registry: Registry, together: readonly Write[]): Promise<Entry[]> {
  const results = await Promise.all(
    together.map(async (one) => {
      if (one.verb !== 'event') return perform(registry, one).then(entryOf, refusedIsNothing);
      await registry.recordEvent({
        about: { apiVersion: 'v1', kind: 'Module', name: one.name, uid: '1' },
        ...{ type: 'Normal', reason: 'Noise', message: `At ${registry.resourceVersion}` },
      });
      return [];
    }),
  );
  return results.flat();
}

function refusedIsNothing(error: unknown): Entry[] {
  if (isRegistrarError(error, 'ALREADY_EXISTS', 'NOT_FOUND')) return [];
  throw error;
}

interface Watcher {
  readonly since: number;
  readonly seen: Change<'Module'>[];
}

/** A watch from that version, or undefined when the log does not go back so far. */
function watchFrom(registry: Registry, since: number): Watcher | undefined {
  const seen: Change<'Module'>[] = [];
  try {
    registry.watch('Module', String(since), (change) => seen.push(change));
    return { since, seen };
  } catch (error) {
    expect(isRegistrarError(error, 'EXPIRED')).toBe(true);
    // As many changes as promised are always there.
    expect(Number(registry.resourceVersion) - since).toBeGreaterThan(LIMIT);
    return undefined;
  }
}

function asEntries(changes: readonly Change<'Module'>[]): Entry[] {
  return changes.map(({ type, name, resourceVersion, stored }) => {
    return { type, name, version: Number(resourceVersion), json: stored.json };
  });
}

/** The state of the object before its last entry, undefined when there was none. */
function before(history: readonly Entry[], { name, version }: Entry): string | undefined {
  const last = history.findLast((entry) => entry.name === name && entry.version < version);
  return last?.type === 'DELETED' ? undefined : last?.json;
}

test.prop([fc.array(step, { maxLength: 25 })], { numRuns: 40 })(
  'a watch from any version sees exactly the history after it, in order',
  async (steps) => {
    const temp = await openTempRegistry({ changeLogLimit: LIMIT });
    let registry = temp.registry;
    const history: Entry[] = [];
    const ended: Watcher[] = [];
    let live: Watcher[] = [];
    const check = ({ since, seen }: Watcher, until: number, knowsAll: boolean) => {
      const expected = history.filter(({ version }) => version > since && version <= until);
      expect(asEntries(seen)).toEqual(expected);
      for (const [i, { previous, type }] of seen.entries()) {
        const entry = expected[i];
        if (entry === undefined || type === 'ADDED') expect(previous).toBeUndefined();
        else if (knowsAll || previous !== undefined) {
          expect(previous?.json).toBe(before(history, entry));
        }
      }
    };
    let reopened = false;
    for (const one of steps) {
      if (one.kind === 'write') {
        history.push(...(await performAll(registry, one.together)));
        history.sort((a, b) => a.version - b.version);
      } else if (one.kind === 'watch') {
        const since = Math.floor(one.from * Number(registry.resourceVersion));
        live.push(...[watchFrom(registry, since)].filter((watcher) => watcher !== undefined));
      } else {
        for (const watcher of live) check(watcher, Number(registry.resourceVersion), !reopened);
        ended.push(...live);
        live = [];
        const counts = ended.map(({ seen }) => seen.length);
        registry = await temp.reopen();
        reopened = true;
        expect(ended.map(({ seen }) => seen.length)).toEqual(counts);
      }
    }
    for (const watcher of live) check(watcher, Number(registry.resourceVersion), !reopened);
    await temp.close();
  },
);

describe('watch()', () => {
  const nothing = () => undefined;

  async function openCut(): Promise<Registry> {
    const { registry } = await openTempRegistry({ changeLogLimit: LIMIT });
    for (let i = 0; i < 3 * LIMIT; i += 1) await registry.create('Module', aManifest(`m-${i}`));
    return registry;
  }

  example('from before the log is EXPIRED and names the oldest version', async () => {
    const registry = await openCut();
    const oldest = Number(registry.resourceVersion) - registry.stats.logged;
    const text = `too old resource version: 1 (${oldest})`;
    expect(() => registry.watch('Module', '1', nothing)).toThrow(text);
    expect(() => registry.watch('Module', String(oldest), nothing)).not.toThrow();
    expect(() => registry.watch('Module', String(oldest - 1), nothing)).toThrow('too old');
  });

  example('from after the counter is EXPIRED', async () => {
    const registry = await openCut();
    expect(() => registry.watch('Module', '99', nothing)).toThrow(
      expect.objectContaining({
        code: 'EXPIRED',
        message: `Too large resource version: 99, current: ${registry.resourceVersion}`,
      }),
    );
    expect(() => registry.watch('Module', registry.resourceVersion, nothing)).not.toThrow();
  });

  example.each(['', 'abc', '-1', '1.5', ' 1', '1e3', '9'.repeat(20)])(
    'from %j is a BAD_REQUEST',
    async (since) => {
      const { registry } = await openTempRegistry();
      expect(() => registry.watch('Module', since, nothing)).toThrow(
        expect.objectContaining({ code: 'BAD_REQUEST' }),
      );
    },
  );

  example('tells nothing more once it was ended', async () => {
    const { registry } = await openTempRegistry();
    const seen: string[] = [];
    const stop = registry.watch('Module', '0', ({ name }) => seen.push(name));
    await registry.create('Module', aManifest('one'));
    stop();
    await registry.create('Module', aManifest('two'));
    expect(seen).toEqual(['one']);
  });
});

describe('the change log', () => {
  example('is cut to its limit, give or take a tenth, in the table too', async () => {
    const temp = await openTempRegistry({ changeLogLimit: 20 });
    for (let i = 0; i < 60; i += 1) {
      await temp.registry.create('Module', aManifest(`m-${i}`));
      expect(temp.registry.stats.logged).toBeLessThanOrEqual(23);
    }
    const { logged } = temp.registry.stats;
    expect(logged).toBeGreaterThanOrEqual(20);
    expect((await temp.reopen()).stats.logged).toBe(logged);
  });
});
