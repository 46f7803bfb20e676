import { describe, expect, it } from 'vitest';
import type { ObservedContainer } from '../../src/model/container.js';
import type { ModuleSpec } from '../../src/model/module.js';
import { isReady, startLoop } from '../helpers/loop.js';
import type { Loop } from '../helpers/loop.js';

const [HOUR, DAY] = [3_600_000, 86_400_000];
const JUMPS = [
  ['an hour back', -HOUR],
  ['a day on', DAY],
  ['back to 1970', -Date.parse('2026-01-01T11:00:00Z')],
] as const;

const STRATEGY: ModuleSpec['strategy'] = {
  ...{ type: 'RollingUpdate', maxSurge: 1, maxUnavailable: 0, progressDeadlineSeconds: 60 },
  ...{ minReadySeconds: 10, autoRollback: true },
};
const containers = ({ runtime }: Loop): ObservedContainer[] => [
  ...runtime.engine.containers.values(),
];
const states = (loop: Loop): string[] => containers(loop).map(({ state }) => state);
const status = (loop: Loop) => loop.module('web').status;

async function running(spec: Partial<ModuleSpec> = {}): Promise<Loop> {
  const loop = await startLoop();
  await loop.apply('web', { strategy: STRATEGY, ...spec });
  await loop.until(() => states(loop).includes('running'));
  return loop;
}

describe.each(JUMPS)('the time of day is set %s', (_, jump) => {
  it('while all is well: nothing is touched', async () => {
    const loop = await running();
    await loop.until(() => isReady(loop.module('web')));
    const before = containers(loop).map(({ id, startedAt }) => [id, startedAt]);
    loop.clock.set(jump);
    await loop.advance(120_000);
    expect(containers(loop).map(({ id, startedAt }) => [id, startedAt])).toEqual(before);
    expect(isReady(loop.module('web'))).toBe(true);
    expect(status(loop)).toMatchObject({ phase: 'Running', restarts: 0 });
  });

  it('while a container that crashes waits: it is tried again all the same', async () => {
    const loop = await running();
    const crash = (): void => {
      for (const { id, state } of containers(loop))
        if (state === 'running') loop.runtime.engine.crash(id, 3);
    };
    for (let times = 0; times < 3; times += 1) {
      crash();
      await loop.until(() => states(loop).includes('running') || times === 2);
    }
    await loop.advance(1_000);
    expect(states(loop)).toEqual(['exited']);
    loop.clock.set(jump);
    await loop.advance(60_000);
    expect(states(loop)).toEqual(['running']);
    await loop.advance(30_000);
    expect(isReady(loop.module('web'))).toBe(true);
  });

  it('while a rollout goes on: it is no fault of the new revision', async () => {
    const loop = await running();
    await loop.until(() => isReady(loop.module('web')));
    await loop.apply('web', { strategy: STRATEGY, args: ['new'] });
    await loop.until(() => states(loop).filter((state) => state === 'running').length === 2);
    await loop.advance(2_000);
    loop.clock.set(jump);
    await loop.advance(50_000);
    expect(status(loop)).toMatchObject({ phase: 'Running', rollout: { state: 'Complete' } });
    expect(status(loop).quarantined).toBeUndefined();
    expect(containers(loop)).toHaveLength(1);
  });

  it('while a new revision does not become healthy: it goes back after its deadline', async () => {
    const loop = await running();
    await loop.until(() => isReady(loop.module('web')));
    const healthCheck = {
      ...{ exec: { command: ['true'] }, intervalSeconds: 1, timeoutSeconds: 1, retries: 3 },
      startPeriodSeconds: 3600,
    };
    await loop.apply('web', { strategy: STRATEGY, healthCheck });
    await loop.until(() => states(loop).filter((state) => state === 'running').length === 2);
    loop.clock.set(jump);
    await loop.advance(20_000);
    expect(status(loop).rollout).toMatchObject({ state: 'Progressing' });
    await loop.advance(90_000);
    expect(status(loop).rollout).toMatchObject({ state: 'RolledBack', reason: 'DeadlineExceeded' });
  });
});
