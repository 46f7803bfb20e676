import { describe, expect, it } from 'vitest';
import {
  ABSENT,
  isSettled,
  SETTLE_MS,
  sightAll,
  sightOne,
} from '../../../src/triggers/config/settle.js';
import type { Sighting } from '../../../src/triggers/config/settle.js';

const NOBODY: ReadonlySet<string> = new Set();
const EMPTY: ReadonlyMap<string, Sighting> = new Map();
const seen = (...paths: string[]): Map<string, string> =>
  new Map(paths.map((path) => [path, 'v1']));

describe('sightOne', () => {
  it('settles when two looks far enough apart agree', () => {
    const first = sightOne(undefined, 'v1', 0);
    expect(isSettled(first)).toBe(false);
    expect(isSettled(sightOne(first, 'v1', SETTLE_MS - 1))).toBe(false);
    expect(isSettled(sightOne(first, 'v1', SETTLE_MS))).toBe(true);
  });

  it('begins anew with another signature', () => {
    const settled = sightOne(sightOne(undefined, 'v1', 0), 'v1', SETTLE_MS);
    expect(isSettled(sightOne(settled, 'v2', 10 * SETTLE_MS))).toBe(false);
  });

  it('does not take the time between two looks for agreement', () => {
    const first = sightOne(undefined, 'v1', 0);
    const second = sightOne(first, 'v2', 10 * SETTLE_MS);
    expect(second.restlessSinceMs).toBe(0);
  });
});

describe('sightAll', () => {
  it('remembers an absence until it is settled', () => {
    const before = sightAll(EMPTY, seen('a'), NOBODY, 0);
    const gone = sightAll(before, seen(), NOBODY, 1_000);
    expect(gone.get('a')?.signature).toBe(ABSENT);
    expect(sightAll(gone, seen(), NOBODY, 1_000 + SETTLE_MS).has('a')).toBe(false);
  });

  it('remembers the absence of what is expected for good', () => {
    const expected = new Set(['a']);
    const first = sightAll(EMPTY, seen(), expected, 0);
    const later = sightAll(first, seen(), expected, SETTLE_MS);
    expect(later.get('a')).toMatchObject({ signature: ABSENT, sinceMs: 0 });
  });
});
