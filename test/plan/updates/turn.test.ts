import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import type { Candidate } from '../../../src/model/updates-status.js';
import { chooseUpdate } from '../../../src/plan/updates/choose.js';
import { failedBy, isProven, turnFor } from '../../../src/plan/updates/turn.js';
import type { Peer, Staging } from '../../../src/plan/updates/turn.js';

const NOW = Date.parse('2026-01-05T12:00:00Z');
const BAKE = 60_000;

const peer = (name: string, more: Partial<Peer> = {}): Peer => ({
  ...{ name, current: 'old', wellSince: NOW - 10 * BAKE, ran: [], failed: new Set<string>() },
  ...{ isServing: true, ...more },
});

/** What the module at a place of a set sees. */
function seenFrom(place: number, peers: readonly Peer[], more: Partial<Staging> = {}): Staging {
  return {
    ...{ set: 'miners', bakeMs: BAKE, atOnce: 1, isPaused: false },
    self: peers[place] ?? peer('none'),
    before: peers.slice(0, place),
    after: peers.slice(place + 1),
    ...more,
  };
}

/** Names of those whose turn it is to take up `id`. */
const turns = (peers: readonly Peer[], id = 'new', more: Partial<Staging> = {}): string[] =>
  peers
    .filter((one, place) => one.current !== id && !turnFor(seenFrom(place, peers, more), id, NOW))
    .map(({ name }) => name);

const NEW = { current: 'new', ran: ['old'] };

describe('turnFor', () => {
  test('the first of the set goes first, or the first of those that work', () => {
    expect(turns([peer('a'), peer('b'), peer('c')])).toEqual(['a']);
    expect(turns([peer('a', { isServing: false }), peer('b'), peer('c')])).toEqual(['b']);
    const broken = [peer('a', { isServing: false }), peer('b', { isServing: false })];
    expect(turns(broken)).toEqual(['a']);
  });

  test('the others wait until it runs and has baked', () => {
    const others = [peer('b'), peer('c')];
    const first = (wellSince: number | undefined) => peer('a', { ...NEW, wellSince });
    expect(turns([first(undefined), ...others])).toEqual([]);
    expect(turns([first(NOW - BAKE + 1), ...others])).toEqual([]);
    const waiting = seenFrom(1, [first(NOW - 1_000), ...others]);
    expect(turnFor(waiting, 'new', NOW)).toEqual({
      ...{ because: 'module "a" has to stay well with it', until: NOW - 1_000 + BAKE },
    });
    expect(turns([first(NOW - BAKE), ...others])).toEqual(['b', 'c']);
  });

  test('then as many are on their way as the set says', () => {
    const done = peer('a', NEW);
    const onItsWay = peer('b', { ...NEW, wellSince: undefined });
    const baking = peer('b', { ...NEW, wellSince: NOW });
    expect(turns([done, onItsWay, peer('c')])).toEqual([]);
    expect(turns([done, onItsWay, peer('c')], 'new', { atOnce: 2 })).toEqual(['c']);
    expect(turns([done, baking, peer('c')])).toEqual(['c']);
  });

  test('nobody goes while the rollout of the set is paused', () => {
    expect(turns([peer('a'), peer('b')], 'new', { isPaused: true })).toEqual([]);
  });

  test('who goes first has to prove what it has, as long as others want it', () => {
    const first = peer('a', { ...NEW, wellSince: NOW - 1_000 });
    expect(turns([first, peer('b')], 'newer')).toEqual([]);
    const behind = seenFrom(0, [first, peer('b')]);
    expect(turnFor(behind, 'newer', NOW)?.until).toBe(NOW - 1_000 + BAKE);
    expect(turns([first, peer('b', { ...NEW, wellSince: NOW - 1_000 })], 'newer')).toEqual(['a']);
  });

  property.prop([
    fc.array(
      fc.record({
        isServing: fc.boolean(),
        stage: fc.constantFrom('old', 'on its way', 'baking', 'done'),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  ])('no second one goes before the first has baked', (some) => {
    const since = { old: 0, 'on its way': undefined, baking: NOW, done: NOW - BAKE };
    const peers = some.map(({ isServing, stage }, place) =>
      peer(String(place), {
        ...(stage === 'old' ? { isServing } : { ...NEW, wellSince: since[stage] }),
      }),
    );
    const isAny = (...stages: string[]) => some.some(({ stage }) => stages.includes(stage));
    const going = turns(peers).length;
    if (!isAny('done')) expect(going).toBe(isAny('on its way', 'baking') ? 0 : 1);
  });
});

const candidate = (id: string): Candidate => ({
  ...{ id, name: 'refs/heads/main', version: `1.0.0+${id}`, firstSeenAt: '2026-01-05T10:00:00Z' },
});

describe('what a module of a set takes up', () => {
  const rules = {
    cooldownMs: 0,
    window: undefined,
    urgent: undefined,
    quarantined: new Set<string>(),
  };

  test('is nothing that another went back from, but what is newer', () => {
    const staging = seenFrom(1, [
      peer('a', { ...NEW, wellSince: undefined, failed: new Set(['new']) }),
      peer('b'),
    ]);
    const choice = (...ids: string[]) =>
      chooseUpdate(ids.map(candidate), { ...rules, staging }, NOW);
    expect(choice('new').held).toEqual({ candidate: candidate('new'), by: 'a' });
    expect(choice('new', 'newer').next?.id).toBe('newer');
    const urgent = { ...rules, staging, urgent: '1.0.0+new' };
    expect(chooseUpdate([candidate('new')], urgent, NOW).next).toBeUndefined();
  });

  test('is not kept from all by one that is broken for reasons of its own', () => {
    const broken = peer('b', { ...NEW, isServing: false, failed: new Set(['new']) });
    expect(failedBy(seenFrom(2, [peer('a', NEW), broken, peer('c')]), 'new', NOW)).toBeUndefined();
    expect(failedBy(seenFrom(2, [peer('a'), broken, peer('c')]), 'new', NOW)).toBe('b');
    const serving = { ...broken, isServing: true };
    expect(failedBy(seenFrom(2, [peer('a', NEW), serving, peer('c')]), 'new', NOW)).toBe('b');
  });

  test('is what the first has proven, before what that tries by now', () => {
    const first = peer('a', { current: 'newer', ran: ['old', 'new'], wellSince: undefined });
    const staging = seenFrom(1, [first, peer('b')]);
    expect(isProven(staging, 'new', NOW)).toBe(true);
    const both = [candidate('new'), candidate('newer')];
    expect(chooseUpdate(both, { ...rules, staging }, NOW).next?.id).toBe('new');
    expect(turnFor(staging, 'new', NOW)).toBeUndefined();
  });
});
