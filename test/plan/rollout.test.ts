import { expect, it } from 'vitest';
import type { RolloutStatus } from '../../src/model/rollout.js';
import { advance, targetOf } from '../../src/plan/rollout.js';
import type { RolloutMemory } from '../../src/plan/rollout.js';
import { plan } from '../../src/plan/plan.js';
import { aContainer, aDesired, anExited, LIMITS, NOON, RECREATE } from '../helpers/builders.js';
import { RolloutWorld } from '../helpers/rollout-world.js';

it('leaves a rollout that is under way as it is while nobody knows what the spec asks for', () => {
  const world = new RolloutWorld({
    ...{ replicas: 1, swap: { ...RECREATE, minReadyMs: 5_000 }, autoRollback: true },
    behaviours: { a: 'good', b: 'good' },
  });
  world.pass();
  world.wanted = 'b';
  world.pass();
  expect(world.memory).toMatchObject({ current: 'a', rollout: { to: 'b', state: 'Progressing' } });
  const unknown = { ...world.view, wanted: undefined };
  expect(advance(world.memory, unknown)).toEqual(world.memory);
  expect(targetOf(world.memory, unknown)).toBeUndefined();
  const over: RolloutMemory = { ...world.memory, rollout: undefined };
  expect(targetOf(over, unknown)).toBe('a');
});

it('does not go back to what nothing is known of, and ends as failed when the spec goes on', () => {
  const world = new RolloutWorld({
    ...{ replicas: 1, swap: RECREATE, autoRollback: true },
    behaviours: { a: 'good', b: 'crashes' },
  });
  world.pass();
  world.wanted = 'b';
  world.pass();
  for (let exits = 0; exits < 2; exits += 1) {
    world.wait(100);
    world.pass(0);
    if (exits === 0) world.pass();
  }
  const begun: RolloutMemory = {
    ...{ current: 'a', quarantined: [] },
    rollout: started,
  };
  const view = { ...world.view, isKnown: (revision: string) => revision === 'b' };
  const failed = advance(begun, view);
  expect(failed).toMatchObject({ current: 'a', rollout: { state: 'Failed', reason: 'Crashed' } });
  const back = advance(failed, { ...view, wanted: 'a' });
  expect(back.rollout).toMatchObject({ state: 'Failed', reason: 'Crashed' });
  expect(back.rollout?.endedAt).toBeDefined();
});

const started: RolloutStatus = {
  ...{ number: 2, from: 'a', to: 'b', because: 'it is said so', ready: 0 },
  ...{ order: 'stop-first', state: 'Progressing' },
  ...{ startedAt: new Date(NOON).toISOString(), progressedAt: new Date(NOON).toISOString() },
};

it('keeps the container with a process while two may not run and nobody knows what is wanted', () => {
  const restarting = aContainer({ id: 'b', state: 'restarting', owner: { revision: 'b' } });
  const stopped = anExited({}, { id: 'a', owner: { revision: 'a' } });
  const desired = aDesired({ target: undefined, reserve: 'a' });
  expect(plan(desired, [stopped, restarting], [], NOON).actions).toEqual([]);
});

it('starts nothing beside the old one when it is paused before that stopped', () => {
  const old = aContainer({ id: 'a', owner: { revision: 'a' } });
  const next = aContainer({ id: 'b', state: 'created', owner: { revision: 'b' } });
  const desired = aDesired({
    target: { revision: 'b', imageId: 'sha256:image', limits: LIMITS },
    ...{ reserve: 'a', swap: { ...RECREATE, isPaused: true } },
  });
  expect(plan(desired, [old, next], [], NOON).actions).toEqual([]);
  const stopped = anExited({}, { id: 'a', owner: { revision: 'a' } });
  const [action] = plan(desired, [stopped, next], [], NOON).actions;
  expect(action).toMatchObject({ kind: 'startContainer', revision: 'b' });
});
