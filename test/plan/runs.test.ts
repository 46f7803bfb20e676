import { describe, expect, it } from 'vitest';
import { endedRun, presentRun } from '../../src/plan/runs.js';
import { aContainer, anExited, NOON } from '../helpers/builders.js';

const at = (ms: number): string => new Date(NOON + ms).toISOString();
const fresh = { hasRestarted: false, previousStartedAt: undefined };
const restarted = { ...fresh, hasRestarted: true };

/** Runs since a second before noon; the run before that ended two seconds before noon. */
const again = aContainer({ startedAt: at(-1_000), finishedAt: at(-2_000) });

describe('presentRun()', () => {
  it('is all there is for a container that never ran before', () => {
    expect(presentRun(aContainer(), fresh)).toEqual({});
    expect(presentRun(anExited({}), fresh)).toEqual({});
    const created = aContainer({ state: 'created', startedAt: undefined });
    expect(presentRun(created, restarted)).toEqual({});
  });

  it('begins between the end of the run before and its start', () => {
    expect(presentRun(again, restarted)).toEqual({ since: NOON - 1_500 });
    expect(presentRun({ ...again, state: 'paused' }, restarted)).toEqual({ since: NOON - 1_500 });
  });

  it('is the last run of a container that does not run', () => {
    const exited = anExited({ ranMs: 1_000, endedMs: 500 });
    expect(presentRun(exited, restarted)).toEqual({ since: NOON - 1_550 });
    const restarting = { ...exited, state: 'restarting' } as const;
    expect(presentRun(restarting, restarted)).toEqual({ since: NOON - 1_550 });
  });
});

describe('endedRun()', () => {
  it('is none when nothing has ended', () => {
    expect(endedRun(aContainer(), fresh)).toBeUndefined();
    const created = aContainer({ state: 'created', startedAt: undefined });
    expect(endedRun(created, restarted)).toBeUndefined();
  });

  it('is the run before when the container runs again', () => {
    expect(endedRun(again, restarted)).toEqual({ until: NOON - 1_500 });
    const seen = { ...restarted, previousStartedAt: at(-9_000) };
    expect(endedRun(again, seen)).toEqual({ since: NOON - 9_050, until: NOON - 1_500 });
  });

  it('is the last run when the container does not run', () => {
    const exited = anExited({ ranMs: 1_000 });
    expect(endedRun(exited, fresh)).toEqual({});
    expect(endedRun(exited, restarted)).toEqual({ since: NOON - 1_050 });
  });

  it('is none when what the engine tells as the end is after the start', () => {
    const odd = aContainer({ startedAt: at(-2_000), finishedAt: at(-1_000) });
    expect(endedRun(odd, restarted)).toBeUndefined();
    expect(presentRun(odd, restarted)).toEqual({});
  });
});
