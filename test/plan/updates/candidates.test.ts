import { describe, expect, test } from 'vitest';
import { candidatesAfter, thinned, versionOfTag } from '../../../src/plan/updates/candidates.js';
import type { Before, Sighting } from '../../../src/plan/updates/candidates.js';
import type { Candidate } from '../../../src/model/updates-status.js';

const NOW = Date.parse('2026-01-05T12:00:00Z');
const SEEN = '2026-01-05T10:00:00Z';

const seen = (id: string, firstSeenAt = SEEN, version = `1.0.0+${id}`): Candidate => ({
  ...{ id, name: 'refs/heads/main', version, firstSeenAt },
});

const before = (candidates: Candidate[] = [], ran: string[] = []): Before => ({
  ...{ candidates, ran, current: { id: 'a', version: '1.0.0' } },
});

const head = (id: string): Sighting => ({
  ...{ kind: 'head', name: 'refs/heads/main', id, version: `1.0.0+${id}` },
});

const idsAfter = (...args: Parameters<typeof candidatesAfter>): string[] =>
  candidatesAfter(...args).map(({ id }) => id);

describe('a branch', () => {
  test('a new head is a candidate from now on, rounded up', () => {
    expect(candidatesAfter(before(), head('b'), NOW + 1)).toEqual([
      seen('b', '2026-01-05T12:00:01Z'),
    ]);
  });

  test('what was seen keeps its time', () => {
    expect(candidatesAfter(before([seen('b')]), head('b'), NOW)).toEqual([seen('b')]);
  });

  test('an older head stays a candidate beside a newer one', () => {
    expect(idsAfter(before([seen('b')]), head('c'), NOW)).toEqual(['b', 'c']);
  });

  test.each<[string, Before, string, string[]]>([
    ['to what runs', before([seen('b')]), 'a', []],
    ['to what ran before', before([seen('b')], ['z']), 'z', []],
    ['to an earlier candidate', before([seen('b'), seen('c')]), 'b', ['b']],
  ])('a branch that went back %s takes back what came after', (_, known, id, ids) => {
    expect(idsAfter(known, head(id), NOW)).toEqual(ids);
  });
});

describe('tags', () => {
  const tags = (found: Record<string, string>, range = '^1') =>
    ({ kind: 'tags', tags: new Map(Object.entries(found)), range }) as const;

  test('those of the range that are newer than what runs, the newest last', () => {
    const found = { 'v1.10.0': 'd', '1.9.0': 'c', 'v1.0.0': 'x', 'v0.9.0': 'y', 'v2.0.0': 'z' };
    const others = { nightly: 'n', 'v1.2': 's', 'v1.11.0-rc.1': 'p' };
    expect(idsAfter(before(), tags({ ...found, ...others }), NOW)).toEqual(['c', 'd']);
  });

  test('one that moved was first seen now, one that is gone is no candidate', () => {
    const known = (tag: string, id: string) => ({
      ...seen(id, SEEN, tag.slice(1)),
      name: `refs/tags/${tag}`,
    });
    const memory = before([known('v1.1.0', 'b'), known('v1.2.0', 'c'), known('v1.3.0', 'd')]);
    const after = candidatesAfter(memory, tags({ 'v1.1.0': 'b', 'v1.2.0': 'moved' }), NOW);
    expect(after.map(({ id, firstSeenAt }) => [id, firstSeenAt === SEEN])).toEqual([
      ['b', true],
      ['moved', false],
    ]);
  });

  test.each([
    ['v1.4.2', '1.4.2'],
    ['1.4.2-rc.1+b7', '1.4.2-rc.1+b7'],
    ['v1.4', undefined],
    ['vv1.4.2', undefined],
    ['release-1.4.2', undefined],
    ['v01.4.2', undefined],
    ['v1.4.2 ', undefined],
  ])('the tag "%s" is version %s', (tag, version) => {
    expect(versionOfTag(tag)).toBe(version);
  });
});

test('of too many, the one that waits for longest and the newest stay', () => {
  const many = Array.from({ length: 9 }, (_, minute) =>
    seen(String(minute), `2026-01-05T10:0${minute}:00Z`),
  );
  const ids = thinned(many, 4).map(({ id }) => id);
  expect(ids).toHaveLength(4);
  expect([ids[0], ids.at(-1)]).toEqual(['0', '8']);
});
