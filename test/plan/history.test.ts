import { describe, expect, it } from 'vitest';
import { crashDelayMs } from '../../src/plan/backoff.js';
import {
  lastExitCode,
  countStart,
  countStartFailure,
  newHistory,
  noteStop,
  observeSlot,
  startFailureOf,
} from '../../src/plan/history.js';
import type { SlotHistory } from '../../src/plan/history.js';
import { aContainer, anExited, NOON, REVISION, seen } from '../helpers/builders.js';

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
    const once = observeSlot(newHistory(0, REVISION), container, seen(NOON));
    expect(once).toMatchObject({ failures: 1, lastExit: { code: 2, reason: 'Error', at: at(0) } });
    expect(once.retryAt).toBeUndefined();
    expect(observeSlot(once, container, seen(NOON + 5_000))).toEqual(once);
  });

  it('sets the delay from the time of the exit', () => {
    const history = { ...newHistory(0, REVISION), failures: 2 };
    expect(observeSlot(history, anExited({}), seen(NOON + 9_000))).toMatchObject({
      failures: 3,
      retryAt: at(20_000),
    });
  });

  it('counts an exit twice after the engine has tried again by itself', () => {
    const exited = anExited({}, { restartCount: 5 });
    expect(observeSlot(newHistory(0, REVISION), exited, seen(NOON))).toMatchObject({
      failures: 2,
      restarts: 5,
      retryAt: at(10_000),
    });
  });

  it('begins anew after ten minutes of running', () => {
    const history = { ...newHistory(0, REVISION), failures: 6, retryAt: at(-700_000) };
    const long = observeSlot(history, anExited({ ranMs: 600_000 }), seen(NOON));
    expect(long).toMatchObject({ failures: 1 });
    expect(long.retryAt).toBeUndefined();
    const calm = observeSlot(history, aContainer(), seen(NOON));
    expect(calm).toMatchObject({ failures: 0 });
    expect(calm.retryAt).toBeUndefined();
  });

  it('adds up the restarts of the engine and of Registrar', () => {
    const first = observeSlot(newHistory(0, REVISION), aContainer({ restartCount: 2 }), seen(NOON));
    const again = countStart(first);
    expect(again).toMatchObject({ restarts: 3, engineRestarts: 0 });
    expect(observeSlot(again, aContainer({ restartCount: 4 }), seen(NOON)).restarts).toBe(7);
  });

  it('remembers when the run before began, of the same container', () => {
    const started = (ms: number, id = 'id-0') => aContainer({ id, startedAt: at(ms) });
    const first = observeSlot(newHistory(0, REVISION), started(0), seen(NOON));
    expect(first).toMatchObject({ startedAt: at(0) });
    expect(first.previousStartedAt).toBeUndefined();
    const second = observeSlot(first, started(5_000), seen(NOON));
    expect(second).toMatchObject({ startedAt: at(5_000), previousStartedAt: at(0) });
    expect(observeSlot(second, started(5_000), seen(NOON))).toEqual(second);
    const other = observeSlot(second, started(9_000, 'id-9'), seen(NOON));
    expect(other.startedAt).toBe(at(9_000));
    expect(other.previousStartedAt).toBeUndefined();
  });

  it('counts a start that nobody here made, and one of Registrar once', () => {
    const started = (ms: number) => aContainer({ startedAt: at(ms) });
    const first = observeSlot(newHistory(0, REVISION), started(0), seen(NOON));
    expect(first.restarts).toBe(0);
    const byEngine = observeSlot(first, started(5_000), seen(NOON));
    expect(byEngine).toMatchObject({ restarts: 1, engineRestarts: 0 });
    const asked = observeSlot(countStart(byEngine), started(5_000), seen(NOON));
    const byRegistrar = observeSlot(asked, started(9_000), seen(NOON));
    expect(byRegistrar).toMatchObject({ restarts: 2, previousStartedAt: at(5_000) });
    expect(observeSlot(byRegistrar, started(9_000), seen(NOON))).toEqual(byRegistrar);
  });

  it('counts a restart of the engine once that is seen while it is about to come', () => {
    const running = (ms: number, restartCount: number) =>
      aContainer({ startedAt: at(ms), restartCount });
    const restarting = (ms: number, restartCount: number) =>
      anExited({}, { state: 'restarting', startedAt: at(ms), restartCount });
    const looks = [
      ...[running(0, 0), restarting(0, 1), restarting(0, 1), running(5_000, 1)],
      ...[restarting(5_000, 2), restarting(9_000, 4), running(12_000, 4), running(15_000, 5)],
    ];
    const known: SlotHistory[] = [];
    for (const look of looks) {
      known.push(observeSlot(known.at(-1) ?? newHistory(0, REVISION), look, seen(NOON)));
    }
    expect(known.map(({ restarts }) => restarts)).toEqual([0, 1, 1, 1, 2, 4, 4, 5]);
    expect(known.at(3)).toMatchObject({ startedAt: at(5_000), previousStartedAt: at(0) });
  });

  it('calls the first start of a container no restart, whoever made it', () => {
    const made = (id: string) => aContainer({ id, state: 'created', startedAt: undefined });
    const started = (id: string, ms: number) => aContainer({ id, startedAt: at(ms) });
    const left = observeSlot(newHistory(0, REVISION), made('id-0'), seen(NOON));
    const first = observeSlot(countStart(left), started('id-0', 0), seen(NOON));
    expect(first).toMatchObject({ restarts: 0, startedAt: at(0) });
    const other = observeSlot(first, made('id-1'), seen(NOON));
    const second = observeSlot(countStart(other), started('id-1', 5_000), seen(NOON));
    expect(second).toMatchObject({ restarts: 0, startedAt: at(5_000) });
    expect(second.previousStartedAt).toBeUndefined();
  });

  it('begins anew to be ready with each run', () => {
    const history = observeSlot(newHistory(0, REVISION), aContainer(), seen(NOON));
    const ready = { ...history, readyAt: at(0) };
    expect(observeSlot(ready, aContainer(), seen(NOON)).readyAt).toBe(at(0));
    const later = observeSlot(ready, aContainer({ startedAt: at(1) }), seen(NOON));
    expect(later.readyAt).toBeUndefined();
  });

  it('holds no exit against it that fell into a time when nobody looked', () => {
    const history = { ...newHistory(0, REVISION), failures: 1, engineRestarts: 1 };
    const unseen = { now: NOON + 2_000, seenSince: NOON + 1_000 };
    const exited = anExited({ exitCode: 137 }, { restartCount: 1 });
    const once = observeSlot(history, exited, unseen);
    expect(once).toMatchObject({ failures: 1, lastExit: { code: 137, at: at(0) } });
    expect(once.retryAt).toBeUndefined();
    const crashing = anExited({ exitCode: 137 }, { restartCount: 5 });
    expect(observeSlot(history, crashing, unseen)).toMatchObject({ failures: 3 });
  });

  it('does not take a stop of its own for a failure', () => {
    const stopped = anExited({ exitCode: 143 });
    const history = observeSlot(noteStop(newHistory(0, REVISION)), stopped, seen(NOON));
    expect(history).toMatchObject({ failures: 0, stopped: true, lastExit: { reason: 'Stopped' } });
    expect(observeSlot(history, aContainer(), seen(NOON)).stopped).toBeUndefined();
  });

  it.each([
    ['Completed', { exitCode: 0 }, {}],
    ['OOMKilled', { exitCode: 137 }, { oomKilled: true }],
    ['Error', { exitCode: 137 }, {}],
  ])('calls an exit %s', (reason, exit, overrides) => {
    const { lastExit } = observeSlot(
      newHistory(0, REVISION),
      anExited(exit, overrides),
      seen(NOON),
    );
    expect(lastExit?.reason).toBe(reason);
  });

  it('takes a start that failed while nobody looked from what the engine says', () => {
    const container = aContainer({ state: 'created', exitCode: 127, error: 'no such file' });
    const once = observeSlot(newHistory(0, REVISION), container, seen(NOON));
    const lastExit = { code: 127, reason: 'StartFailed', message: 'no such file', at: at(0) };
    expect(once).toMatchObject({ failures: 1, lastExit });
    expect(observeSlot(once, container, seen(NOON + 60_000))).toEqual(once);
  });
});

const PORT_TAKEN = { reason: 'PortConflict', message: 'Port is taken' };

describe('countStartFailure()', () => {
  it('waits 10 s after the first refusal, and longer after each other', () => {
    const once = countStartFailure(newHistory(0, REVISION), PORT_TAKEN, NOON);
    expect(once).toMatchObject({ failures: 2, retryAt: at(10_000) });
    const twice = countStartFailure(once, PORT_TAKEN, NOON);
    expect(twice.retryAt).toBe(at(40_000));
  });

  it.each(['created', 'exited'] as const)('stands for the %s container it is about', (state) => {
    const once = countStartFailure(newHistory(0, REVISION), PORT_TAKEN, NOON);
    const container = anExited({ exitCode: 128 }, { state, error: 'engine says no' });
    expect(observeSlot(once, container, seen(NOON + 60_000))).toMatchObject({
      ...{ failures: 2, retryAt: at(10_000), lastExit: PORT_TAKEN },
    });
    expect(startFailureOf(once)).toMatchObject(PORT_TAKEN);
  });
});

describe('lastExitCode()', () => {
  const history = { lastExit: { code: 7, reason: 'Error', at: at(0) } };

  it.each([
    ['one that ended is its own', 'exited', 3, history, 3],
    ['one that the engine started again is that of the run before', 'running', 0, history, 7],
    ['one that never ended is what the engine says', 'running', 0, undefined, 0],
  ] as const)('of %s', (_, state, exitCode, known, expected) => {
    expect(lastExitCode({ state, exitCode }, known)).toBe(expected);
  });
});
