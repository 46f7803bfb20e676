import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { ObservedContainer } from '../../src/model/container.js';
import type { Swap } from '../../src/plan/desired.js';
import { advance } from '../../src/plan/rollout.js';
import { isRunning } from '../../src/plan/steps.js';
import { RolloutWorld } from '../helpers/rollout-world.js';
import type { Behaviour, WorldOptions } from '../helpers/rollout-world.js';

const REVISIONS = ['a', 'b', 'c'] as const;
const behaviour = fc.constantFrom<Behaviour>(
  ...(['good', 'good', 'crashes', 'ends', 'unhealthy', 'slow', 'dies late'] as const),
);

const swaps: fc.Arbitrary<Swap> = fc
  .record({
    order: fc.constantFrom('start-first' as const, 'stop-first' as const),
    maxSurge: fc.integer({ min: 1, max: 3 }),
    maxUnavailable: fc.integer({ min: 1, max: 3 }),
    minReadyMs: fc.constantFrom(0, 5_000),
  })
  .map((swap) => ({ ...swap, because: 'it is said so', isPaused: false }));

const options: fc.Arbitrary<WorldOptions> = fc.record({
  replicas: fc.integer({ min: 1, max: 4 }),
  swap: swaps,
  behaviours: fc.record({ a: behaviour, b: behaviour, c: behaviour }),
  autoRollback: fc.boolean(),
});

/** A module whose first revision runs well. */
const upAndRunning = fc
  .record({ options, b: behaviour, c: behaviour })
  .map(({ options: some, b, c }) => ({ ...some, behaviours: { a: 'good' as const, b, c } }));

function running(how: WorldOptions): RolloutWorld {
  const world = new RolloutWorld(how);
  comeToRest(world);
  expect(world.memory.current).toBe('a');
  world.wanted = 'b';
  return world;
}

/** Two slots of which one at a time may change, and a next revision that behaves like this. */
function two(order: Swap['order'], b: Behaviour): RolloutWorld {
  const because = 'it is said so';
  const sizes = { maxSurge: 1, maxUnavailable: 1, minReadyMs: 0 };
  const swap = { order, because, isPaused: false, ...sizes } as const;
  const behaviours = { a: 'good', b, c: 'good' } as const;
  return running({ replicas: 2, swap, behaviours, autoRollback: false });
}

type Step =
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'pass'; readonly carriedOut: number }
  | { readonly kind: 'want'; readonly revision: string }
  | { readonly kind: 'exit'; readonly index: number; readonly code: number }
  | { readonly kind: 'remove'; readonly index: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('time' as const),
        ms: fc.integer({ min: 100, max: 20_000 }),
      }),
    },
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('pass' as const),
        carriedOut: fc.constantFrom(0, 1, 2, 3, 99, 99, 99),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('want' as const),
        revision: fc.constantFrom(...REVISIONS),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('exit' as const),
        index: fc.nat(5),
        code: fc.constantFrom(0, 1, 137),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), index: fc.nat(5) }) },
  ),
  { maxLength: 40 },
);

function take(world: RolloutWorld, step: Step): void {
  switch (step.kind) {
    case 'time':
      return world.wait(step.ms);
    case 'pass':
      return world.pass(step.carriedOut);
    case 'want':
      world.wanted = step.revision;
      return;
    case 'exit':
      return world.exit(step.index, step.code);
    case 'remove':
      return world.remove(step.index);
  }
}

/** Nothing more happens from outside: passes and time, as long as a crash-loop delay may be. */
function comeToRest(world: RolloutWorld): void {
  for (let round = 0; round < 200; round += 1) {
    world.pass();
    const isOver = world.memory.rollout?.state !== 'Progressing' && world.isAtRest;
    if (isOver && world.containers.every(({ state }) => state === 'running')) return;
    world.wait(5_000);
  }
}

const inSlots = (containers: readonly ObservedContainer[]): number[] =>
  containers.map(({ owner }) => owner.slot);
const doubled = ({ containers }: RolloutWorld): ReadonlySet<number> =>
  new Set(inSlots(containers).filter((slot, at, all) => all.indexOf(slot) !== at));
const serving = ({ containers }: RolloutWorld): number =>
  new Set(
    inSlots(
      containers.filter(
        ({ state, health }) =>
          state === 'running' && health !== 'unhealthy' && health !== 'starting',
      ),
    ),
  ).size;

describe('whatever happens to a rollout', () => {
  test.prop([options, steps, fc.boolean()])(
    'it ends well, back or failed with a reason',
    (how, what, isNew) => {
      const world = isNew
        ? new RolloutWorld(how)
        : running({ ...how, behaviours: { ...how.behaviours, a: 'good' } });
      for (const step of what) take(world, step);
      comeToRest(world);
      const { current, rollout, quarantined } = world.memory;
      const bad = quarantined.map(({ revision }) => revision);
      expect(rollout?.state).not.toBe('Progressing');
      if (rollout?.state === 'Failed') expect(rollout.reason).toMatch(/^[A-Z]/);
      if (how.behaviours[world.wanted] === 'good' && rollout?.state !== 'Failed')
        expect(current).toBe(bad.includes(world.wanted) ? current : world.wanted);
      if (current === undefined || how.behaviours[current] !== 'good') return;
      if (rollout?.state === 'Failed') return;
      // What runs well is at rest, one container a slot.
      expect(world.isAtRest).toBe(true);
      expect(
        world.containers.map(({ owner, state }) => [owner.slot, owner.revision, state]),
      ).toEqual(
        expect.arrayContaining(
          Array.from({ length: how.replicas }, (_, slot) => [slot, current, 'running']),
        ),
      );
      expect(world.containers).toHaveLength(how.replicas);
    },
  );

  test.prop([upAndRunning, steps])(
    'two containers that cannot run at once never do',
    (how, what) => {
      const world = running({ ...how, swap: { ...how.swap, order: 'stop-first' } });
      for (const step of what) {
        take(world, step);
        const slots = inSlots(world.containers.filter(isRunning));
        expect(new Set(slots).size).toBe(slots.length);
      }
    },
  );

  test.prop([upAndRunning, steps])(
    'there are never more containers than a slot and the surge may have',
    (how, what) => {
      const world = running({ ...how, swap: { ...how.swap, order: 'start-first' } });
      for (const step of what) {
        take(world, step);
        // A change of what is wanted leaves what the change before began, until the next pass.
        if (step.kind === 'pass' && step.carriedOut === 99) {
          expect(doubled(world).size).toBeLessThanOrEqual(how.swap.maxSurge);
        }
      }
    },
  );

  test.prop([upAndRunning, steps])(
    'what failed is not made again while it is quarantined',
    (how, what) => {
      const world = running(how);
      for (const step of what) {
        const bad = world.memory.quarantined.map(({ revision }) => revision);
        const before = world.plans.length;
        take(world, step);
        if (world.memory.current === undefined) continue;
        for (const { actions } of world.plans.slice(before)) {
          const made = actions.flatMap((one) =>
            one.kind === 'createContainer' ? [one.revision] : [],
          );
          expect(made.filter((revision) => bad.includes(revision))).toEqual([]);
        }
      }
    },
  );

  test.prop([upAndRunning, steps])(
    'a pass takes away no more that serves than is allowed',
    (how, what) => {
      const behaviours = { a: 'good', b: how.behaviours['b'] ?? 'good', c: 'good' } as const;
      const world = running({ ...how, behaviours });
      const least =
        how.swap.order === 'start-first' ? how.replicas : how.replicas - how.swap.maxUnavailable;
      for (const step of what) {
        const before = serving(world);
        take(world, step);
        if (step.kind === 'pass')
          expect(serving(world)).toBeGreaterThanOrEqual(Math.min(before, least));
      }
    },
  );

  it('a slot with containers of two earlier revisions is in surge already', () => {
    const world = two('start-first', 'good');
    take(world, { kind: 'exit', index: 1, code: 0 });
    take(world, { kind: 'pass', carriedOut: 99 });
    take(world, { kind: 'want', revision: 'c' });
    take(world, { kind: 'pass', carriedOut: 99 });
    expect(doubled(world).size).toBe(1);
  });

  it('a slot whose next container is made already counts as one that stops', () => {
    const world = two('stop-first', 'unhealthy');
    take(world, { kind: 'pass', carriedOut: 1 });
    take(world, { kind: 'pass', carriedOut: 99 });
    expect(serving(world)).toBe(1);
  });

  it('a slot whose next container is made already waits while another one is gone', () => {
    const world = two('stop-first', 'slow');
    take(world, { kind: 'pass', carriedOut: 1 });
    take(world, { kind: 'remove', index: 1 });
    take(world, { kind: 'pass', carriedOut: 99 });
    expect(serving(world)).toBe(1);
  });

  test.prop([upAndRunning, steps])('looking twice at the same changes nothing', (how, what) => {
    const world = running(how);
    for (const step of what) take(world, step);
    world.pass();
    const once = advance(world.memory, world.view);
    expect(advance(once, world.view)).toEqual(once);
  });
});
