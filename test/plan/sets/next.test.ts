import { describe, expect, it } from 'vitest';
import { SetWorld } from './set-world.js';
import type { Fate } from './set-world.js';

const THREE = ['a', 'b', 'c'];
const conditionOf = (world: SetWorld, type: string) =>
  world.status.conditions.find((one) => one.type === type);

/** Modules of version 0 that are well. */
function running(fates: readonly Fate[], rollout: object = {}, names = THREE): SetWorld {
  const world = new SetWorld(rollout, fates);
  world.want(names, 0);
  for (let round = 0; round < 3; round += 1) {
    world.pass();
    world.settle();
  }
  world.pass();
  return world;
}

const kinds = (world: SetWorld): string[] =>
  world.pass().map((action) => {
    const { metadata } = action.kind === 'delete' ? action.module : action.wanted.manifest;
    return `${action.kind} ${metadata.name}`;
  });

describe('nextSteps()', () => {
  it('makes all modules at once, and says when they are well', () => {
    const world = new SetWorld({}, ['good']);
    world.want(THREE, 0);
    expect(kinds(world)).toEqual(['create miners-a', 'create miners-b', 'create miners-c']);
    expect(conditionOf(world, 'Progressing')).toMatchObject({ status: 'True', reason: 'Scaling' });
    world.settle();
    expect(kinds(world)).toEqual([]);
    expect(world.status).toMatchObject({ replicas: 3, readyReplicas: 3, updatedReplicas: 3 });
    expect(conditionOf(world, 'Ready')).toMatchObject({
      status: 'True',
      message: '3 modules ready',
    });
    expect(world.status.selector).toBe('registrar.synapsis.network/set=miners');
  });

  it('changes one after the other, each when the one before is well', () => {
    const world = running(['good', 'good']);
    world.want(THREE, 1);
    expect(kinds(world)).toEqual(['update miners-a']);
    expect(conditionOf(world, 'Ready')).toMatchObject({ status: 'False', reason: 'RollingOut' });
    expect(kinds(world)).toEqual([]);
    world.settle();
    expect(kinds(world)).toEqual(['update miners-b']);
    world.settle();
    expect(kinds(world)).toEqual(['update miners-c']);
    world.settle();
    expect(kinds(world)).toEqual([]);
    expect(conditionOf(world, 'Ready')?.status).toBe('True');
  });

  it('waits until a changed one has been well for long enough, and comes back for that', () => {
    const world = running(['good', 'good'], { bakeSeconds: 60 });
    world.wait(60);
    world.want(THREE, 1);
    world.pass();
    world.settle();
    world.wait(10);
    expect(kinds(world)).toEqual([]);
    expect(world.plan().until).toBe(world.now + 60_000);
    expect(conditionOf(world, 'Progressing')?.message).toBe(
      '1 of 3 modules as the template says; waiting for "miners-a" to stay well',
    );
    world.wait(59);
    expect(kinds(world)).toEqual([]);
    world.wait(1);
    expect(kinds(world)).toEqual(['update miners-b']);
  });

  it('stops after the first that fails, and goes on when the template is corrected', () => {
    const world = running(['good', 'failing', 'good']);
    world.want(THREE, 1);
    world.pass();
    world.settle();
    expect(kinds(world)).toEqual([]);
    expect(world.versions()).toEqual({ 'miners-a': 1, 'miners-b': 0, 'miners-c': 0 });
    expect(conditionOf(world, 'Stalled')).toMatchObject({
      reason: 'RolloutStopped',
      message:
        'Module "miners-a" failed with the changed template (Degraded: failing); ' +
        '2 modules stay as before: correct the template or set it back',
    });
    world.want(THREE, 2);
    expect(kinds(world)).toEqual(['update miners-a']);
    expect(conditionOf(world, 'Stalled')).toBeUndefined();
  });

  it('makes no module from a template with which one has failed', () => {
    const world = running(['good', 'failing']);
    world.want(THREE, 1);
    world.pass();
    world.settle();
    world.want([...THREE, 'd'], 1);
    expect(kinds(world)).toEqual([]);
  });

  it('takes trouble for failure when it lasts, not when it passes', () => {
    const world = running(['good', 'troubled']);
    world.want(THREE, 1);
    world.pass();
    world.settle();
    world.wait(29);
    expect(kinds(world)).toEqual([]);
    expect(conditionOf(world, 'Stalled')).toBeUndefined();
    expect(world.plan().until).toBe(world.now + 1_000);
    world.wait(1);
    expect(kinds(world)).toEqual([]);
    expect(conditionOf(world, 'Stalled')?.reason).toBe('RolloutStopped');
  });

  it('takes silence for failure after the deadline', () => {
    const world = running(['good', 'silent'], { progressDeadlineSeconds: 30 });
    world.want(THREE, 1);
    world.pass();
    world.settle();
    world.wait(29);
    expect(kinds(world)).toEqual([]);
    expect(conditionOf(world, 'Stalled')).toBeUndefined();
    world.wait(1);
    expect(kinds(world)).toEqual([]);
    expect(conditionOf(world, 'Stalled')?.reason).toBe('RolloutStopped');
  });

  it('begins with what is not well, and lets that prove nothing', () => {
    const world = running(['failing', 'failing', 'good']);
    world.want(THREE, 1);
    // None was well before: that they fail again says nothing about the template.
    for (const name of THREE) {
      expect(kinds(world)).toEqual([`update miners-${name}`]);
      world.settle();
    }
    expect(kinds(world)).toEqual([]);
    expect(conditionOf(world, 'Ready')?.reason).toBe('ModulesNotReady');
  });

  it('deletes what is wanted no more at once, also while a rollout has stopped', () => {
    const world = running(['good', 'failing']);
    world.want(THREE, 1);
    world.pass();
    world.settle();
    world.want(['a', 'b'], 1);
    expect(kinds(world)).toEqual(['delete miners-c']);
  });

  it('leaves a module alone that has the name and is not of the set, and says so', () => {
    const world = new SetWorld({}, ['good']);
    world.addForeign('miners-b');
    const before = world.modules.get('miners-b');
    world.want(THREE, 0);
    expect(kinds(world)).toEqual(['create miners-a', 'create miners-c']);
    world.settle();
    world.pass();
    world.want([], 0);
    world.pass();
    expect([...world.modules]).toEqual([['miners-b', before]]);
  });

  it('says what is in the way of a name', () => {
    const world = new SetWorld({}, ['good']);
    world.addForeign('miners-b');
    world.want(THREE, 0);
    world.pass();
    expect(world.status.instances[1]).toMatchObject({ phase: 'Conflict', ready: false });
    expect(conditionOf(world, 'Stalled')).toMatchObject({
      reason: 'NameConflict',
      message:
        'Module "miners-b" exists and is not of this set: name the instance otherwise or delete the module',
    });
  });

  it('goes on with what it had begun when it died in between', () => {
    const world = running(['good', 'good']);
    world.want(THREE, 1);
    expect(world.pass(0)).toEqual([]);
    expect(kinds(world)).toEqual(['update miners-a']);
    world.settle();
    expect(kinds(world)).toEqual(['update miners-b']);
  });

  it('changes nothing while it is paused, but makes and deletes', () => {
    const world = running(['good', 'good'], { paused: true });
    world.want(['b', 'c', 'd'], 1);
    expect(kinds(world)).toEqual(['delete miners-a', 'create miners-d']);
    expect(conditionOf(world, 'Progressing')).toMatchObject({ status: 'False', reason: 'Paused' });
    world.settle();
    world.rollout({ paused: false });
    expect(kinds(world)).toEqual(['update miners-b']);
  });

  it('forgets nothing of a module that is well and fails later', () => {
    const world = running(['good', 'good', 'good']);
    world.want(THREE, 1);
    world.pass();
    world.settle();
    const settledAt = world.status.instances[0]?.settledAt;
    expect(settledAt).toBeUndefined();
    world.pass();
    expect(world.status.instances[0]).toMatchObject({
      updated: true,
      settledAt: expect.any(String) as unknown,
    });
  });
});
