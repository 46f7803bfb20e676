import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { Membership, ObservedContainer } from '../../src/model/container.js';
import { carryOut } from '../../src/plan/carry-out.js';
import type { Desired } from '../../src/plan/desired.js';
import { historyOf } from '../../src/plan/history.js';
import type { SlotHistory } from '../../src/plan/history.js';
import { plan } from '../../src/plan/plan.js';
import {
  aContainer,
  LIMITS,
  NOON,
  OTHER_REVISION,
  RECREATE,
  REVISION,
} from '../helpers/builders.js';

const slots = fc.integer({ min: 0, max: 4 });

const desireds: fc.Arbitrary<Desired> = fc.record({
  module: fc.constant('web'),
  uid: fc.constant('uid-1'),
  replicas: slots,
  scale: fc.constant('scaled down' as const),
  swap: fc.constant(RECREATE),
  reserve: fc.constant(undefined),
  links: fc.record({ uses: fc.subarray(['api', 'base']), isUsed: fc.boolean() }),
  target: fc.option(fc.constant({ revision: REVISION, imageId: 'sha256:image', limits: LIMITS }), {
    nil: undefined,
  }),
});

const memberships: fc.Arbitrary<Membership[]> = fc.uniqueArray(
  fc.oneof(
    fc.record({ of: fc.constantFrom('api', 'base', 'old'), isNamed: fc.constant(false) }),
    fc.record({ of: fc.constant('web'), isNamed: fc.boolean() }),
  ),
  { selector: ({ of }) => of },
);

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
      health: fc.constantFrom('none', 'healthy', 'unhealthy' as const),
      pids: fc.constantFrom(256, 9),
      imageId: fc.constantFrom('sha256:image', 'sha256:image', 'sha256:other'),
      renamed: fc.boolean(),
      address: fc.constantFrom('172.18.0.2', ''),
      age: fc.integer({ min: 0, max: 5 }),
      memberships,
    }),
    { maxLength: 8 },
  )
  .map((parts) =>
    parts.map(({ slot, revision, uid, pids, imageId, renamed, age, ...rest }, index) =>
      aContainer({
        ...{ id: `id-${index}`, owner: { slot, revision, uid }, ...rest, imageId },
        createdFrom: imageId,
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

/** Plans and carries out until nothing is left to do. */
function settle(desired: Desired, observed: readonly ObservedContainer[]): ObservedContainer[] {
  let world = [...observed];
  for (let round = 0; round < 8; round += 1) {
    world = carryOut(world, plan(desired, world, [], NOON).actions, desired, NOON);
  }
  return world;
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
    'comes to rest with exactly one running container of the revision in each slot',
    (desired, observed) => {
      const end = settle(desired, observed);
      expect(plan(desired, end, [], NOON).actions).toEqual([]);
      fc.pre(desired.target !== undefined);
      const running = end.filter((one) => one.state === 'running');
      const restarting = end.filter((one) => one.state === 'restarting');
      const slotsOf = (some: readonly ObservedContainer[]) =>
        [...new Set(some.map(({ owner }) => owner.slot))].toSorted((a, b) => a - b);
      expect(slotsOf(end)).toEqual(Array.from({ length: desired.replicas }, (_, slot) => slot));
      const settled = slotsOf(running).filter((slot) => !slotsOf(restarting).includes(slot));
      for (const slot of settled) {
        const inSlot = end.filter(({ owner }) => owner.slot === slot);
        expect(inSlot.map(({ owner }) => owner.revision)).toEqual([REVISION]);
      }
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
        const history = historyOf(known, action);
        expect(Date.parse(history?.retryAt ?? '1970-01-01T00:00:00Z')).toBeLessThanOrEqual(NOON);
      }
    },
  );
});
