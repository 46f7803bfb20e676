import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { ObservedContainer } from '../../src/model/container.js';
import { carryOut } from '../../src/plan/carry-out.js';
import type { Desired } from '../../src/plan/desired.js';
import { foresee } from '../../src/plan/foresee.js';
import { plan } from '../../src/plan/plan.js';
import {
  aContainer,
  aDesired,
  anExited,
  NOON,
  OTHER_REVISION,
  RECREATE,
  REVISION,
} from '../helpers/builders.js';

const NAMED = { of: 'web', isNamed: true };
const UNNAMED = { of: 'web', isNamed: false };
const USED = { uses: [], isUsed: true };
const START_FIRST = { ...RECREATE, order: 'start-first' as const };

/** What is done about the networks, in short. */
const steps = (desired: Desired, observed: readonly ObservedContainer[]): string[] =>
  plan(desired, observed, [], NOON).actions.map((action) => {
    const of = 'of' in action ? ` ${action.of}` : '';
    const name = 'isNamed' in action && action.isNamed ? ' named' : '';
    return `${action.kind}${of}${name}`;
  });

describe('the networks of a container', () => {
  it.each([
    ['that others need, once it is ready', USED, [], ['joinNetwork web named']],
    ['that has the name already', USED, [NAMED], []],
    [
      'from which the name was taken, and that stays after all',
      USED,
      [UNNAMED],
      ['joinNetwork web named'],
    ],
    ['that nobody needs any more', { uses: [], isUsed: false }, [NAMED], ['leaveNetwork web']],
    [
      'that needs others',
      { uses: ['api', 'base'], isUsed: false },
      [{ of: 'api', isNamed: false }],
      ['joinNetwork base'],
    ],
    [
      'that needs another no more',
      { uses: [], isUsed: false },
      [{ of: 'api', isNamed: false }],
      ['leaveNetwork api'],
    ],
  ])('of one %s', (_what, links, memberships, expected) => {
    expect(steps(aDesired({ links }), [aContainer({ memberships })])).toEqual(expected);
  });

  it('are left alone while the engine did not tell which they are', () => {
    const { memberships: _untold, ...container } = aContainer();
    expect(steps(aDesired({ links: { uses: ['api'], isUsed: true } }), [container])).toEqual([]);
  });

  it('of one that is not ready are without its name', () => {
    const links = USED;
    expect(steps(aDesired({ links }), [aContainer({ health: 'starting' })])).toEqual([]);
    // There may be no other to ask.
    const ill = aContainer({ health: 'unhealthy', memberships: [NAMED] });
    expect(steps(aDesired({ links }), [ill])).toEqual(['restartContainer']);
    const stopped = anExited({}, { memberships: [NAMED] });
    expect(steps(aDesired({ links }), [stopped])).toEqual(['leaveNetwork web', 'startContainer']);
  });

  it('of the old one lose its name after the new one has it, and before it is stopped', () => {
    const old = aContainer({
      owner: { revision: OTHER_REVISION },
      memberships: [NAMED],
      id: 'old',
    });
    const desired = aDesired({ links: USED, swap: START_FIRST });
    expect(steps(desired, [old, aContainer({ id: 'new' })])).toEqual([
      'joinNetwork web named',
      'withdrawContainer web',
      'stopContainer',
      'removeContainer',
    ]);
  });

  it('of what is scaled down lose the name first, of what is deleted nobody waits', () => {
    const [first, second] = [0, 1].map((slot) =>
      aContainer({ owner: { slot }, memberships: [NAMED] }),
    );
    const both = [first, second].filter((one) => one !== undefined);
    expect(steps(aDesired({ links: USED }), both)).toEqual([
      'withdrawContainer web',
      'stopContainer',
      'removeContainer',
    ]);
    const deleted = aDesired({ links: USED, replicas: 0, scale: 'deleted' });
    expect(steps(deleted, both)).not.toContain('withdrawContainer web');
  });

  test.prop([fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 }), fc.boolean()])(
    'always have one that answers to the name while the new ones start first',
    (replicas, maxSurge, isUsed) => {
      const desired = aDesired({
        ...{ replicas, links: { uses: ['api'], isUsed } },
        swap: { ...START_FIRST, maxSurge },
      });
      let world: ObservedContainer[] = Array.from({ length: replicas }, (_, slot) =>
        aContainer({
          owner: { slot, revision: OTHER_REVISION },
          ...{ id: `old-${slot}`, memberships: isUsed ? [NAMED] : [] },
        }),
      );
      const answers = (one: ObservedContainer): boolean =>
        one.state === 'running' && (one.memberships ?? []).some(({ isNamed }) => isNamed);
      for (const action of foresee(desired, world, [], NOON)) {
        world = carryOut(world, [action], desired, NOON);
        expect(world.filter(answers).length > 0).toBe(isUsed);
        const stopped = world.filter(({ state }) => state === 'exited');
        expect(stopped.filter((one) => one.memberships?.some(({ isNamed }) => isNamed))).toEqual(
          [],
        );
      }
      expect(new Set(world.map(({ owner }) => owner.revision))).toEqual(new Set([REVISION]));
      expect(world.every(answers)).toBe(isUsed);
    },
  );
});
