import { describe, expect, test } from 'vitest';
import { gateResult, gateState } from '../../../src/plan/updates/gate.js';
import type { GateRun } from '../../../src/plan/updates/gate.js';

const NOW = Date.parse('2026-01-05T12:00:00Z');
const MINUTE = 60_000;

const run = (passed: boolean): GateRun => ({ passed, message: 'it ended', log: ['one'] });
const failed = (times: number) => {
  let known = gateResult(undefined, 'key', run(false), NOW);
  for (let more = 1; more < times; more += 1) known = gateResult(known, 'key', run(false), NOW);
  return known;
};

describe('a gate', () => {
  test('is run the first time, and for another key whatever it said', () => {
    expect(gateState(undefined, 'key', NOW)).toEqual({ kind: 'due' });
    const passed = gateResult(undefined, 'key', run(true), NOW);
    expect(gateState(passed, 'key', NOW)).toEqual({ kind: 'passed' });
    expect(gateState(passed, 'other', NOW)).toEqual({ kind: 'due' });
  });

  test('counts as passed for ten minutes, and not before it passed', () => {
    const passed = gateResult(failed(3), 'key', run(true), NOW);
    expect(passed.failures).toBe(0);
    expect(gateState(passed, 'key', NOW + 10 * MINUTE - 1)).toEqual({ kind: 'passed' });
    expect(gateState(passed, 'key', NOW + 10 * MINUTE)).toEqual({ kind: 'due' });
    expect(gateState(passed, 'key', NOW - MINUTE)).toEqual({ kind: 'due' });
  });

  test.each([
    [1, 0.5],
    [2, 1],
    [4, 4],
    [6, 16],
    [7, 30],
    [500, 30],
  ])('that failed %i times is run again after %f minutes', (times, minutes) => {
    const until = NOW + minutes * MINUTE;
    expect(gateState(failed(times), 'key', until - 1)).toEqual({ kind: 'failed', until });
    expect(gateState(failed(times), 'key', until)).toEqual({ kind: 'due' });
  });

  test('is run at once when the clock was set back, and counts anew for another key', () => {
    expect(gateState(failed(9), 'key', NOW - MINUTE)).toEqual({ kind: 'due' });
    expect(gateResult(failed(9), 'other', run(false), NOW).failures).toBe(1);
  });
});
