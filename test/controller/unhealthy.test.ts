import { describe, expect, it } from 'vitest';
import type { Sample } from '../../src/controller/progress/judge.js';
import { isReady, readyReason, startLoop } from '../helpers/loop.js';
import type { Loop, LoopParts } from '../helpers/loop.js';

const healthCheck = {
  ...{ exec: { command: ['true'] }, intervalSeconds: 1, timeoutSeconds: 1 },
  ...{ retries: 1, startPeriodSeconds: 0 },
};

/** What an engine tells is looked at a moment later. */
const NOTICED_MS = 1_000;

const containerOf = ({ runtime }: Loop) => {
  const [container, ...others] = runtime.engine.containers.values();
  if (container === undefined || others.length > 0) throw new Error('There is not one container');
  return container;
};

const statusOf = (loop: Loop) => loop.module('web').status.containers[0];

const startsOf = ({ runtime }: Loop): number => runtime.count('start');

/** A module that runs and is healthy. */
async function healthy(): Promise<Loop> {
  const loop = await startLoop();
  await loop.apply('web', { healthCheck });
  await loop.until(() => statusOf(loop)?.state === 'running');
  await becomes(loop, 'healthy');
  return loop;
}

async function becomes(loop: Loop, health: 'healthy' | 'unhealthy'): Promise<void> {
  loop.runtime.engine.setHealth(containerOf(loop).id, health);
  await loop.advance(0);
  await loop.advance(NOTICED_MS);
}

/** A module whose containers show the samples that the test says. */
async function watched(parts: LoopParts = {}) {
  const shown: { now: Sample } = { now: { kind: 'seen', value: '0', detail: '' } };
  const look = () => Promise.resolve(shown.now);
  const openEye = () => ({ look, close: () => undefined });
  const loop = await startLoop({ ...parts, options: { openEye } });
  await loop.apply('web', { progressCheck: { logPattern: 'epoch', withinSeconds: 60 } });
  await loop.until(() => isReady(loop.module('web')));
  return { loop, shown };
}

describe('an unhealthy container', () => {
  it('is restarted at once the first time: the same container, and the module is ready again', async () => {
    const loop = await healthy();
    const { id } = containerOf(loop);
    await becomes(loop, 'unhealthy');
    expect(containerOf(loop)).toMatchObject({ id, state: 'running', health: 'starting' });
    expect(statusOf(loop)).toMatchObject({
      ...{ restarts: 1, failures: 1 },
      lastExit: { reason: 'Unhealthy', message: 'fails its health check' },
    });
    await becomes(loop, 'healthy');
    expect(isReady(loop.module('web'))).toBe(true);
  });

  it('is restarted later and later, runs on until then, and the status says when', async () => {
    const loop = await healthy();
    await becomes(loop, 'unhealthy');
    for (const [round, seconds] of [10, 20, 40, 80, 160, 300, 300].entries()) {
      await becomes(loop, 'unhealthy');
      expect(startsOf(loop)).toBe(round + 2);
      expect(containerOf(loop).state).toBe('running');
      const { retryAt = '', unhealthySince = '', ready, healthMessage } = statusOf(loop) ?? {};
      expect(Date.parse(retryAt) - Date.parse(unhealthySince)).toBe(seconds * 1000);
      expect({ ready, healthMessage }).toEqual({
        ...{ ready: false, healthMessage: 'it fails its health check' },
      });
      expect(readyReason(loop.module('web'))).toBe('Unhealthy');
      const said = loop.module('web').status.conditions.find(({ type }) => type === 'Ready');
      expect(said?.message).toContain(`it is restarted at ${retryAt.slice(0, 19)}Z`);
      await loop.advance(seconds * 1000 - NOTICED_MS);
      expect(startsOf(loop)).toBe(round + 2);
      await loop.advance(NOTICED_MS);
      expect(startsOf(loop)).toBe(round + 3);
    }
    expect(loop.module('web').status.phase).not.toBe('Running');
  });

  it('that recovers by itself in the meantime is not restarted', async () => {
    const loop = await healthy();
    await becomes(loop, 'unhealthy');
    await becomes(loop, 'unhealthy');
    await becomes(loop, 'healthy');
    await loop.advance(630_000);
    expect(startsOf(loop)).toBe(2);
    expect(isReady(loop.module('web'))).toBe(true);
    expect(statusOf(loop)).toMatchObject({ failures: 0 });
  });

  it('has all its restarts again after ten minutes of running well', async () => {
    const loop = await healthy();
    await becomes(loop, 'unhealthy');
    await becomes(loop, 'healthy');
    await loop.advance(630_000);
    await becomes(loop, 'unhealthy');
    expect(startsOf(loop)).toBe(3);
    expect(statusOf(loop)).toMatchObject({ failures: 1 });
  });

  it('waits as long after a restart of the daemon', async () => {
    const loop = await healthy();
    await becomes(loop, 'unhealthy');
    await becomes(loop, 'unhealthy');
    const { retryAt } = statusOf(loop) ?? {};
    await loop.stop();
    const { clock, registry, runtime } = loop;
    const next = await startLoop({ clock, registry, runtime });
    await next.advance(5_000);
    expect(statusOf(next)).toMatchObject({ retryAt, failures: 2 });
    expect(startsOf(next)).toBe(2);
    await next.advance(5_000);
    expect(startsOf(next)).toBe(3);
  });
});

describe('a stuck container', () => {
  it('is restarted with all that is known of why', async () => {
    const { loop } = await watched();
    await loop.advance(60_000);
    expect(startsOf(loop)).toBe(2);
    expect(statusOf(loop)).toMatchObject({
      ...{ restarts: 1, failures: 1 },
      lastExit: {
        reason: 'Stuck',
        message: expect.stringMatching(/^is stuck: no line of the log/),
      },
    });
  });

  it('is restarted ever more seldom while that does not help, and never in a busy loop', async () => {
    const { loop } = await watched();
    await loop.advance(3_540_000);
    // 60 s to find out each time, then 0, 10, 20, 40, 80, 160, 300, 300 … seconds.
    expect(startsOf(loop)).toBe(14);
    expect(loop.module('web').status.phase).toBe('Failed');
  });

  it('runs on while the engine cannot be asked, and is looked at anew after that', async () => {
    const { loop, shown } = await watched();
    await loop.advance(50_000);
    loop.runtime.goAway();
    shown.now = { kind: 'blind' };
    await loop.advance(300_000);
    loop.runtime.comeBack();
    shown.now = { kind: 'seen', value: '0', detail: '' };
    await loop.until(() => isReady(loop.module('web')));
    await loop.advance(45_000);
    expect(startsOf(loop)).toBe(1);
    await loop.advance(30_000);
    expect(startsOf(loop)).toBe(2);
  });

  it('has the whole time again when the daemon was away', async () => {
    const { loop } = await watched();
    await loop.advance(50_000);
    await loop.stop();
    await loop.clock.advance(3_600_000);
    const { clock, registry, runtime } = loop;
    const { loop: next } = await watched({ clock, registry, runtime });
    await next.advance(50_000);
    expect(startsOf(next)).toBe(1);
  });

  it('is not made anew when the check changes, for it is no part of the container', async () => {
    const { loop } = await watched();
    const { id } = containerOf(loop);
    await loop.apply('web', { progressCheck: { logPattern: 'other', withinSeconds: 600 } });
    await loop.advance(120_000);
    expect(containerOf(loop).id).toBe(id);
    expect(startsOf(loop)).toBe(1);
  });
});
