import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { ObservedContainer } from '../../src/model/container.js';
import type { Desired } from '../../src/plan/desired.js';
import type { SlotHistory } from '../../src/plan/history.js';
import { plan } from '../../src/plan/plan.js';
import { aContainer, LIMITS, NOON, OTHER_REVISION, REVISION } from '../helpers/builders.js';
import { simulate } from '../helpers/simulate.js';

const slots = fc.integer({ min: 0, max: 4 });

const desireds: fc.Arbitrary<Desired> = fc.record({
  module: fc.constant('web'),
  uid: fc.constant('uid-1'),
  replicas: slots,
  scale: fc.constant('scaled down' as const),
  target: fc.option(fc.constant({ revision: REVISION, limits: LIMITS }), { nil: undefined }),
});

const containers: fc.Arbitrary<ObservedContainer[]> = fc
  .array(
    fc.record({
      slot: slots,
      revision: fc.constantFrom(REVISION, OTHER_REVISION),
      uid: fc.constantFrom('uid-1', 'uid-0'),
      state: fc.constantFrom(
        'created',
        'running',
        'paused',
        'restarting',
        'exited',
        'dead' as const,
      ),
      pids: fc.constantFrom(256, 9),
      renamed: fc.boolean(),
      address: fc.constantFrom('172.18.0.2', ''),
      age: fc.integer({ min: 0, max: 5 }),
    }),
    { maxLength: 8 },
  )
  .map((parts) =>
    parts.map(({ slot, revision, uid, state, pids, renamed, address, age }, index) =>
      aContainer({
        ...{ id: `id-${index}`, owner: { slot, revision, uid }, state, address },
        ...(renamed ? { name: `renamed-${index}` } : {}),
        limits: { ...LIMITS, pids },
        createdAt: new Date(NOON - age * 1000).toISOString(),
      }),
    ),
  );

const histories: fc.Arbitrary<SlotHistory[]> = fc.uniqueArray(
  fc.record({
    slot: slots,
    revision: fc.constant(REVISION),
    restarts: fc.nat(9),
    engineRestarts: fc.constant(0),
    failures: fc.nat(9),
    retryAt: fc
      .integer({ min: -60_000, max: 300_000 })
      .map((delay) => new Date(NOON + delay).toISOString()),
  }),
  { selector: (history) => history.slot, maxLength: 5 },
);

function deepFreeze<T>(value: T): T {
  if (value !== null && typeof value === 'object') Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}

describe('plan()', () => {
  test.prop([desireds, containers, histories])(
    'does not depend on the order of its inputs, and changes none of them',
    (desired, observed, known) => {
      const frozen = [desired, observed, known].map(deepFreeze);
      expect(frozen).toHaveLength(3);
      const forwards = plan(desired, observed, known, NOON);
      const backwards = plan(desired, observed.toReversed(), known.toReversed(), NOON);
      expect(backwards).toEqual(forwards);
    },
  );

  test.prop([desireds, containers])(
    'comes to rest: carried out twice, nothing is left to do',
    (desired, observed) => {
      const once = simulate(observed, plan(desired, observed, [], NOON).actions, desired);
      const twice = simulate(once, plan(desired, once, [], NOON).actions, desired);
      expect(plan(desired, twice, [], NOON).actions).toEqual([]);
    },
  );

  test.prop([desireds, containers])(
    'ends with exactly one running container of the revision in each slot',
    (desired, observed) => {
      fc.pre(desired.target !== undefined);
      const once = simulate(observed, plan(desired, observed, [], NOON).actions, desired);
      const end = simulate(once, plan(desired, once, [], NOON).actions, desired);
      const seen = end.filter((one) => one.state !== 'restarting').map((one) => one.owner.slot);
      expect(end.map((one) => one.owner.slot).toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: desired.replicas }, (_, slot) => slot),
      );
      expect(new Set(seen).size).toBe(seen.length);
      expect(end.every((one) => one.owner.revision === REVISION)).toBe(true);
    },
  );

  test.prop([desireds, containers])(
    'stops and removes nothing of a wanted slot while there is no image to replace it with',
    (desired, observed) => {
      const blind = { ...desired, target: undefined };
      const ours = observed.filter((one) => one.owner.uid === desired.uid);
      const wanted = ours.filter((one) => one.owner.slot < desired.replicas);
      const gone = plan(blind, observed, [], NOON).actions.flatMap((action) =>
        action.kind === 'removeContainer' || action.kind === 'stopContainer' ? [action.id] : [],
      );
      expect(wanted.filter((one) => gone.includes(one.id))).toEqual([]);
    },
  );

  test.prop([desireds, containers])(
    'creates and starts nothing for a module that is deleted',
    (desired, observed) => {
      const deleted: Desired = { ...desired, replicas: 0, scale: 'deleted' };
      const kinds = plan(deleted, observed, [], NOON).actions.map((action) => action.kind);
      expect(kinds.filter((kind) => !/^(stop|remove)/.test(kind))).toEqual([]);
    },
  );

  test.prop([desireds, containers, histories])(
    'starts nothing before its crash-loop delay has passed',
    (desired, observed, known) => {
      for (const action of plan(desired, observed, known, NOON).actions) {
        if (action.kind !== 'startContainer' || action.id === undefined) continue;
        const history = known.find((one) => one.slot === action.slot);
        expect(Date.parse(history?.retryAt ?? '1970-01-01T00:00:00Z')).toBeLessThanOrEqual(NOON);
      }
    },
  );
});
