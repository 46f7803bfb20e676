import { describe, expect, it, onTestFinished } from 'vitest';
import type { Sample } from '../../../src/controller/progress/judge.js';
import { ProgressWatch } from '../../../src/controller/progress/progress-watch.js';
import type { Watched } from '../../../src/controller/progress/progress-watch.js';
import { aContainer, aSpec } from '../../helpers/builders.js';
import { FakeClock } from '../../helpers/fake-clock.js';

const progressCheck = { logPattern: 'epoch', withinSeconds: 50 };
const checked: Watched = aSpec({ progressCheck });

/** A watch over containers that show what the test says. */
function setUp() {
  const clock = new FakeClock();
  const changed: string[] = [];
  const opened: string[] = [];
  const closed: string[] = [];
  const shown: { now: Sample } = { now: { kind: 'seen', value: '0', detail: '' } };
  const watch = new ProgressWatch({
    ...{ clock, changed: (module) => changed.push(module) },
    open: ({ id }) => {
      opened.push(id);
      return { look: () => Promise.resolve(shown.now), close: () => void closed.push(id) };
    },
  });
  onTestFinished(() => watch.close());
  const startedAt = new Date(clock.now()).toISOString();
  const one = aContainer({ id: 'one', startedAt });
  const observe = (containers = [one], spec = checked) =>
    watch.observe('web', containers, () => spec);
  const move = (value: string) => (shown.now = { kind: 'seen', value, detail: '' });
  return { clock, changed, opened, closed, shown, watch, one, observe, move };
}

describe('ProgressWatch', () => {
  it('leaves containers of a module without a progress check as they are', () => {
    const { observe, one, clock } = setUp();
    expect(observe([one], aSpec())).toEqual([one]);
    expect(clock.waiting).toEqual([]);
  });

  it('calls a container unhealthy that stands still too long, says what and since when', async () => {
    const { clock, changed, observe } = setUp();
    expect(observe()).toMatchObject([{ health: 'none' }]);
    await clock.advance(49_999);
    expect(observe()).toMatchObject([{ health: 'none' }]);
    expect(changed).toEqual([]);
    await clock.advance(1);
    expect(observe()).toMatchObject([
      {
        health: 'unhealthy',
        stuck: 'no line of the log matched "epoch" since 2026-01-01T12:00:00Z',
      },
    ]);
    expect(changed).toEqual(['web']);
  });

  it('wakes the module once, and says the same for as long as it stands still', async () => {
    const { clock, changed, observe } = setUp();
    observe();
    await clock.advance(50_000);
    const before = observe();
    await clock.advance(600_000);
    expect(observe()).toEqual(before);
    expect(changed).toEqual(['web']);
  });

  it('says of a container that fails its health check too no more than that', async () => {
    const { clock, observe, one } = setUp();
    observe();
    await clock.advance(50_000);
    const unhealthy = { ...one, health: 'unhealthy' } as const;
    expect(observe([unhealthy])).toEqual([unhealthy]);
  });

  it('calls it well again once it moves', async () => {
    const { clock, changed, observe, move } = setUp();
    observe();
    await clock.advance(50_000);
    move('1');
    await clock.advance(10_000);
    expect(observe()).toMatchObject([{ health: 'none' }]);
    expect(observe()[0]).not.toHaveProperty('stuck');
    expect(changed).toEqual(['web', 'web']);
  });

  it('gives a container that has run for long the whole time when the watch begins', async () => {
    const { clock, observe, one } = setUp();
    const old = { ...one, startedAt: '2025-12-01T00:00:00Z' };
    observe([old]);
    await clock.advance(49_000);
    expect(observe([old])).toMatchObject([{ health: 'none' }]);
  });

  it('lets the clock run from the end of the start period', async () => {
    const { clock, observe, one } = setUp();
    const times = { intervalSeconds: 1, timeoutSeconds: 1, retries: 1 };
    const healthCheck = { tcp: { port: 80 }, ...times, startPeriodSeconds: 100 };
    const spec = { progressCheck, healthCheck };
    observe([one], spec);
    await clock.advance(149_000);
    expect(observe([one], spec)).toMatchObject([{ health: 'none' }]);
    await clock.advance(1_000);
    expect(observe([one], spec)).toMatchObject([{ health: 'unhealthy' }]);
  });

  it('begins anew with another run, and with another check', async () => {
    const { clock, observe, one, opened, closed } = setUp();
    observe();
    await clock.advance(50_000);
    const again = { ...one, startedAt: new Date(clock.now()).toISOString() };
    expect(observe([again])).toMatchObject([{ health: 'none' }]);
    const other = aSpec({ progressCheck: { ...progressCheck, withinSeconds: 10 } });
    observe([again], other);
    expect(opened).toEqual(['one', 'one', 'one']);
    expect(closed).toEqual(['one', 'one']);
    await clock.advance(10_000);
    expect(observe([again], other)).toMatchObject([{ health: 'unhealthy' }]);
  });

  it('ends with the container, its run, its check and its module', () => {
    const { observe, one, watch, closed, clock } = setUp();
    const two = { ...one, id: 'two' };
    const three = { ...one, id: 'three' };
    observe([one, two, three]);
    observe([{ ...one, state: 'exited' }, three]);
    expect(closed).toEqual(['one', 'two']);
    observe([three], aSpec());
    expect(closed).toEqual(['one', 'two', 'three']);
    observe([one]);
    watch.forget('web');
    expect(closed).toEqual(['one', 'two', 'three', 'one']);
    expect(clock.waiting).toEqual([]);
  });

  it('looks five times in the time that there is, but not more than once a second', async () => {
    const { clock, observe, one } = setUp();
    observe();
    await clock.advance(1);
    expect(clock.waiting).toEqual([9_999]);
    observe([one], aSpec({ progressCheck: { ...progressCheck, withinSeconds: 5 } }));
    await clock.advance(0);
    expect(clock.waiting).toEqual([1_000]);
    observe([one], aSpec({ progressCheck: { ...progressCheck, withinSeconds: 604_800 } }));
    await clock.advance(0);
    expect(clock.waiting).toEqual([30_000]);
  });
});
