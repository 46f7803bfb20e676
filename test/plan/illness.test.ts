import { describe, expect, it } from 'vitest';
import type { ObservedContainer } from '../../src/model/container.js';
import { newHistory, observeSlot } from '../../src/plan/history.js';
import type { SlotHistory } from '../../src/plan/history.js';
import { illnessOf, noteEnd, noteIllness, restartUnhealthy } from '../../src/plan/illness.js';
import { aContainer, aDesired, NOON, OTHER_REVISION, REVISION, seen } from '../helpers/builders.js';

const at = (ms: number): string => new Date(NOON + ms).toISOString();

/** A container that was started `ms` after NOON. */
const run = (ms: number, overrides: Partial<ObservedContainer> = {}): ObservedContainer =>
  aContainer({ startedAt: at(ms), ...overrides });

const ill = (ms: number): ObservedContainer => run(ms, { health: 'unhealthy' });

/** The history after looks, each some time after NOON. */
const after = (...looks: readonly (readonly [ms: number, container: ObservedContainer])[]) =>
  looks.reduce<SlotHistory>(
    (history, [ms, container]) =>
      noteIllness(observeSlot(history, container, seen(NOON + ms)), container, NOON + ms),
    newHistory(0, REVISION),
  );

describe('illnessOf()', () => {
  it('tells a container that is stuck from one that fails its health check', () => {
    expect(illnessOf(ill(0))).toEqual({ reason: 'Unhealthy', message: 'fails its health check' });
    const stuck = run(0, { health: 'unhealthy', stuck: 'no line of the log matched "x"' });
    expect(illnessOf(stuck)).toEqual({
      ...{ reason: 'Stuck', message: 'is stuck: no line of the log matched "x"' },
    });
  });

  it('says nothing of one that is well, starting or does not run', () => {
    const others = [run(0), run(0, { health: 'starting' }), run(0, { health: 'healthy' })];
    const ended = run(0, { health: 'unhealthy', state: 'exited' });
    expect([...others, ended].map(illnessOf)).toEqual([undefined, undefined, undefined, undefined]);
  });
});

describe('noteIllness()', () => {
  it('counts one failure for a time of being unhealthy, however often it is looked at', () => {
    const history = after([60_000, ill(0)], [61_000, ill(0)], [62_000, ill(0)]);
    expect(history).toMatchObject({ failures: 1, unhealthySince: at(60_000) });
    expect(history.retryAt).toBeUndefined();
  });

  it('lets each failure in a row wait longer, counted from when it was noticed', () => {
    const looks = [0, 1, 2, 3].map(
      (round) => [round * 60_000 + 1_000, ill(round * 60_000)] as const,
    );
    expect(after(...looks.slice(0, 2))).toMatchObject({ failures: 2, retryAt: at(71_000) });
    expect(after(...looks)).toMatchObject({ failures: 4, retryAt: at(181_000 + 40_000) });
  });

  it('counts exits and times of being unhealthy together', () => {
    const exited = run(0, { state: 'exited', finishedAt: at(5_000), exitCode: 1 });
    expect(after([5_000, exited], [20_000, ill(6_000)])).toMatchObject({
      ...{ failures: 2, retryAt: at(30_000) },
    });
  });

  it('counts again when a container fell ill anew', () => {
    const history = after([1_000, ill(0)], [2_000, run(0)], [3_000, ill(0)]);
    expect(history).toMatchObject({ failures: 2, unhealthySince: at(3_000) });
  });

  it('forgets it once the container is well, and with another run of it', () => {
    expect(after([1_000, ill(0)], [2_000, run(0)])).not.toHaveProperty('unhealthySince');
    const starting = run(1_500, { health: 'starting' });
    expect(after([1_000, ill(0)], [2_000, starting])).not.toHaveProperty('unhealthySince');
  });

  it('goes on where it was when a daemon that came back does not know yet', () => {
    const starting = run(0, { health: 'starting' });
    const history = after([1_000, ill(0)], [2_000, starting], [3_000, ill(0)]);
    expect(history).toMatchObject({ failures: 1, unhealthySince: at(1_000) });
  });

  it('keeps counting one that is ill for longer than ten minutes, until it has run well', () => {
    const looks = [
      [1_000, ill(0)],
      [62_000, ill(60_000)],
    ] as const;
    const hour = 3_600_000;
    expect(after(...looks, [hour, ill(60_000)])).toMatchObject({
      failures: 2,
      retryAt: at(72_000),
    });
    const well = after(...looks, [hour, run(60_000)]);
    expect(well).toMatchObject({ failures: 0 });
    expect(well).not.toHaveProperty('retryAt');
  });
});

describe('restartUnhealthy()', () => {
  const name = 'web-aaaaaaa-0';
  const plan = (container: ObservedContainer, history: SlotHistory, desired = aDesired()) =>
    restartUnhealthy(container, { desired, histories: [history], now: NOON });

  it('restarts at once what fell ill for the first time', () => {
    const illness = { reason: 'Unhealthy', message: 'fails its health check' } as const;
    const place = { slot: 0, revision: REVISION };
    const action = { kind: 'restartContainer', ...place, id: 'id-0', name, illness } as const;
    expect(plan(ill(0), { ...newHistory(0, REVISION), failures: 1 })).toEqual({
      actions: [{ ...action, because: 'it fails its health check' }],
      waits: [],
    });
  });

  it('lets it run until its delay has passed, and says when that is', () => {
    const until = NOON + 40_000;
    const history = {
      ...newHistory(0, REVISION),
      failures: 4,
      retryAt: new Date(until).toISOString(),
    };
    const because = `${name} fails its health check; it is restarted at 2026-01-01T12:00:40Z`;
    const wait = { slot: 0, revision: REVISION, until, because, reason: 'Unhealthy' };
    expect(plan(ill(0), history)).toEqual({ actions: [], waits: [wait] });
  });

  it('leaves alone what is well, and what gives way to another revision', () => {
    const nothing = { actions: [], waits: [] };
    expect(plan(run(0), newHistory(0, REVISION))).toEqual(nothing);
    const old = aContainer({ health: 'unhealthy', owner: { revision: OTHER_REVISION } });
    expect(plan(old, newHistory(0, REVISION))).toEqual(nothing);
    expect(
      plan(old, newHistory(0, REVISION), aDesired({ target: undefined })).actions,
    ).toHaveLength(1);
  });
});

describe('noteEnd()', () => {
  it('keeps how a run ended that was ended for being unhealthy, counted already', () => {
    const exit = { code: 143, reason: 'Stuck', message: 'it is stuck', at: at(5_000) };
    const history = noteEnd(after([1_000, ill(0)]), exit);
    expect(history).toMatchObject({ failures: 1, lastExit: exit });
    expect(history).not.toHaveProperty('unhealthySince');
    const exited = run(0, { state: 'exited', finishedAt: at(5_000), exitCode: 143 });
    expect(observeSlot(history, exited, seen(NOON + 6_000))).toMatchObject({ failures: 1 });
  });
});
