import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { SetWorld } from './set-world.js';
import type { Fate } from './set-world.js';

const RUNS = { numRuns: 200 };
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

type Step =
  | { readonly kind: 'want'; readonly names: readonly string[]; readonly version: number }
  | { readonly kind: 'pass'; readonly most: number }
  | { readonly kind: 'settle' }
  | { readonly kind: 'wait'; readonly seconds: number };

const aStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('want' as const),
      names: fc.subarray(NAMES),
      version: fc.nat(2),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      most: fc.constantFrom(0, 1, 2, 99),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('settle' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      seconds: fc.constantFrom(1, 20, 100),
    }),
  },
);

const aStory = fc.record({
  fates: fc.tuple(
    ...Array.from({ length: 3 }, () =>
      fc.constantFrom<Fate>('good', 'failing', 'troubled', 'silent'),
    ),
  ),
  maxUnavailable: fc.integer({ min: 1, max: 3 }),
  bakeSeconds: fc.constantFrom(0, 20),
  foreign: fc.subarray(NAMES, { maxLength: 2 }),
  steps: fc.array(aStep, { maxLength: 40 }),
});

const foreignNames = (names: readonly string[]) => new Set(names.map((name) => `miners-${name}`));

function worldOf(story: {
  fates: readonly Fate[];
  maxUnavailable: number;
  bakeSeconds: number;
  foreign: readonly string[];
}): SetWorld {
  const { fates, maxUnavailable, bakeSeconds, foreign } = story;
  const world = new SetWorld({ maxUnavailable, bakeSeconds, progressDeadlineSeconds: 50 }, fates);
  for (const name of foreignNames(foreign)) world.addForeign(name);
  return world;
}

function play(world: SetWorld, step: Step): void {
  if (step.kind === 'want') world.want(step.names, step.version);
  else if (step.kind === 'pass') world.pass(step.most);
  else if (step.kind === 'settle') world.settle();
  else world.wait(step.seconds);
}

describe('a set, whatever happens to it', () => {
  test.prop([aStory], RUNS)('never changes or deletes a module that is not its own', (story) => {
    const world = worldOf(story);
    const foreign = foreignNames(story.foreign);
    const before = new Map([...world.modules]);
    for (const step of story.steps) {
      for (const action of world.plan().actions) {
        const { metadata } = action.kind === 'delete' ? action.module : action.wanted.manifest;
        expect(foreign.has(metadata.name)).toBe(false);
      }
      play(world, step);
    }
    for (const [name, module] of before) expect(world.modules.get(name)).toBe(module);
  });

  test.prop([aStory], RUNS)('changes no more at once than it may', (story) => {
    // One that fails, or is given up, makes room for the next: here none does.
    const world = worldOf({ ...story, fates: ['good', 'good', 'good'] });
    for (const step of story.steps) {
      const before = world.disturbed.size;
      if (step.kind !== 'wait') play(world, step);
      const isMore = world.disturbed.size > before;
      expect(isMore && world.disturbed.size > story.maxUnavailable).toBe(false);
    }
  });

  test.prop([aStory], RUNS)('names each module of an action once', (story) => {
    const world = worldOf(story);
    for (const step of story.steps) {
      play(world, step);
      const names = world
        .plan()
        .actions.map((action) =>
          action.kind === 'delete'
            ? action.module.metadata.name
            : action.wanted.manifest.metadata.name,
        );
      expect(new Set(names).size).toBe(names.length);
    }
  });

  test.prop([aStory, fc.subarray(NAMES), fc.constantFrom(0, 1, 2)], RUNS)(
    'comes to rest in bounded steps, and then plans nothing',
    (story, names, version) => {
      const world = worldOf(story);
      for (const step of story.steps) play(world, step);
      world.want(names, version);
      for (let round = 0; round < 4 * NAMES.length; round += 1) {
        world.pass();
        world.settle();
        world.wait(60);
      }
      expect(world.plan().actions).toEqual([]);
      const isGood =
        story.fates[version] === 'good' && !names.some((name) => story.foreign.includes(name));
      const ready = world.status.conditions.find(({ type }) => type === 'Ready');
      world.pass();
      if (isGood) expect(ready).toMatchObject({ status: 'True', reason: 'Converged' });
    },
  );

  test.prop(
    [
      fc.subarray(NAMES, { minLength: 2 }),
      fc.integer({ min: 1, max: 3 }),
      fc.constantFrom<Fate>('failing', 'troubled', 'silent'),
    ],
    RUNS,
  )(
    'lets a bad template reach no more than it may have on their way',
    (names, maxUnavailable, fate) => {
      const world = new SetWorld({ maxUnavailable, progressDeadlineSeconds: 50 }, ['good', fate]);
      world.want(names, 0);
      for (let round = 0; round < 2; round += 1) {
        world.pass();
        world.settle();
      }
      world.pass();
      world.want(names, 1);
      for (let round = 0; round < 10; round += 1) {
        world.pass();
        world.settle();
        world.wait(60);
      }
      const reached = Object.values(world.versions()).filter((version) => version === 1);
      expect(reached.length).toBe(Math.min(maxUnavailable, names.length));
    },
  );
});
