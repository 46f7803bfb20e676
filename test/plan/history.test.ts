import { describe, expect, it } from 'vitest';
import { crashDelayMs } from '../../src/plan/backoff.js';
import {
  countRestart,
  countStartFailure,
  newHistory,
  observeSlot,
  startFailureOf,
} from '../../src/plan/history.js';
import { aContainer, anExited, NOON, OTHER_REVISION } from '../helpers/builders.js';

const at = (ms: number): string => new Date(NOON + ms).toISOString();

describe('crashDelayMs()', () => {
  it('answers the first exit at once, then 10 s doubling to 300 s', () => {
    const delays = [0, 1, 2, 3, 4, 5, 6, 7, 8, 50].map(crashDelayMs);
    const seconds = [0, 0, 10, 20, 40, 80, 160, 300, 300, 300];
    expect(delays).toEqual(seconds.map((one) => one * 1000));
  });
});

describe('observeSlot()', () => {
  it('counts an exit once, however often it is looked at', () => {
    const container = anExited({ exitCode: 2 });
    const once = observeSlot(newHistory(0), container, NOON);
    expect(once).toMatchObject({ failures: 1, lastExit: { code: 2, reason: 'Error', at: at(0) } });
    expect(once.retryAt).toBeUndefined();
    expect(observeSlot(once, container, NOON + 5_000)).toEqual(once);
  });

  it('sets the delay from the time of the exit', () => {
    const history = { ...newHistory(0), failures: 2 };
    expect(observeSlot(history, anExited({}), NOON + 9_000)).toMatchObject({
      failures: 3,
      retryAt: at(20_000),
    });
  });

  it('counts an exit twice after the engine has tried again by itself', () => {
    const exited = anExited({}, { restartCount: 5 });
    expect(observeSlot(newHistory(0), exited, NOON)).toMatchObject({
      failures: 2,
      restarts: 5,
      retryAt: at(10_000),
    });
  });

  it('begins anew after ten minutes of running', () => {
    const history = { ...newHistory(0), failures: 6, retryAt: at(-700_000) };
    const long = observeSlot(history, anExited({ ranMs: 600_000 }), NOON);
    expect(long).toMatchObject({ failures: 1 });
    expect(long.retryAt).toBeUndefined();
    const calm = observeSlot(history, aContainer(), NOON);
    expect(calm).toMatchObject({ failures: 0 });
    expect(calm.retryAt).toBeUndefined();
  });

  it('adds up the restarts of the engine and of Registrar', () => {
    const first = observeSlot(newHistory(0), aContainer({ restartCount: 2 }), NOON);
    const again = countRestart(first);
    expect(again).toMatchObject({ restarts: 3, engineRestarts: 0 });
    expect(observeSlot(again, aContainer({ restartCount: 4 }), NOON).restarts).toBe(7);
  });

  it('remembers when the run before began, of the same container', () => {
    const started = (ms: number, id = 'id-0') => aContainer({ id, startedAt: at(ms) });
    const first = observeSlot(newHistory(0), started(0), NOON);
    expect(first).toMatchObject({ startedAt: at(0) });
    expect(first.previousStartedAt).toBeUndefined();
    const second = observeSlot(first, started(5_000), NOON);
    expect(second).toMatchObject({ startedAt: at(5_000), previousStartedAt: at(0) });
    expect(observeSlot(second, started(5_000), NOON)).toEqual(second);
    const other = observeSlot(second, started(9_000, 'id-9'), NOON);
    expect(other.startedAt).toBe(at(9_000));
    expect(other.previousStartedAt).toBeUndefined();
  });

  it('forgets another revision', () => {
    const history = { ...newHistory(0), revision: OTHER_REVISION, failures: 4, restarts: 9 };
    expect(observeSlot(history, aContainer({}), NOON)).toMatchObject({ failures: 0, restarts: 0 });
  });

  it.each([
    ['Completed', { exitCode: 0 }, {}],
    ['OOMKilled', { exitCode: 137 }, { oomKilled: true }],
    ['Error', { exitCode: 137 }, {}],
  ])('calls an exit %s', (reason, exit, overrides) => {
    const { lastExit } = observeSlot(newHistory(0), anExited(exit, overrides), NOON);
    expect(lastExit?.reason).toBe(reason);
  });

  it('takes a start that failed while nobody looked from what the engine says', () => {
    const container = aContainer({ state: 'created', exitCode: 127, error: 'no such file' });
    const once = observeSlot(newHistory(0), container, NOON);
    const lastExit = { code: 127, reason: 'StartFailed', message: 'no such file', at: at(0) };
    expect(once).toMatchObject({ failures: 1, lastExit });
    expect(observeSlot(once, container, NOON + 60_000)).toEqual(once);
  });
});

const PORT_TAKEN = { reason: 'PortConflict', message: 'Port is taken' };

describe('countStartFailure()', () => {
  it('waits 10 s after the first refusal, and longer after each other', () => {
    const once = countStartFailure(newHistory(0), PORT_TAKEN, NOON);
    expect(once).toMatchObject({ failures: 2, retryAt: at(10_000) });
    const twice = countStartFailure(once, PORT_TAKEN, NOON);
    expect(twice.retryAt).toBe(at(40_000));
  });

  it.each(['created', 'exited'] as const)('stands for the %s container it is about', (state) => {
    const once = countStartFailure(newHistory(0), PORT_TAKEN, NOON);
    const container = anExited({ exitCode: 128 }, { state, error: 'engine says no' });
    expect(observeSlot(once, container, NOON + 60_000)).toMatchObject({
      ...{ failures: 2, retryAt: at(10_000), lastExit: PORT_TAKEN },
    });
    expect(startFailureOf(once)).toMatchObject(PORT_TAKEN);
  });
});
