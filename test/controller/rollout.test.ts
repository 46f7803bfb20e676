import { describe, expect, it } from 'vitest';
import type { ObservedContainer } from '../../src/model/container.js';
import type { ModuleSpec } from '../../src/model/module.js';
import {
  UNDO_ANNOTATION,
  UNQUARANTINED_AT_ANNOTATION,
  ROLLOUT_PAUSED_ANNOTATION,
} from '../../src/model/names.js';
import { isReady, readyReason, startLoop } from '../helpers/loop.js';
import type { Loop } from '../helpers/loop.js';
import { writeSecret } from '../helpers/secrets.js';

const STRATEGY: ModuleSpec['strategy'] = {
  ...{ type: 'RollingUpdate', maxSurge: 1, maxUnavailable: 0, progressDeadlineSeconds: 60 },
  ...{ minReadySeconds: 5, autoRollback: true },
};
const spec = (value: string, more: Partial<ModuleSpec> = {}): Partial<ModuleSpec> => ({
  ...{ env: [{ name: 'A', value }], strategy: STRATEGY },
  ...more,
});
const PORT = { containerPort: 80, hostIp: '127.0.0.1', protocol: 'TCP' } as const;
const PORTS = { ports: [{ ...PORT, name: 'web', hostPort: 8080 }] };

const status = (loop: Loop) => loop.module('web').status;
const containers = ({ runtime }: Loop): ObservedContainer[] => [
  ...runtime.engine.containers.values(),
];
const of = (loop: Loop, revision: string | undefined) =>
  containers(loop).filter(({ owner }) => owner.revision === revision);
const rollouts = ({ registry }: Loop) =>
  registry
    .list('Rollout')
    .items.map(({ object }) => object.spec)
    .toSorted((a, b) => a.number - b.number);

async function running(first: Partial<ModuleSpec> = spec('1')): Promise<Loop> {
  const loop = await startLoop();
  await loop.apply('web', first);
  await loop.until(() => isReady(loop.module('web')));
  return loop;
}

/** Applies a change, and waits until a container of it was started. */
async function change(loop: Loop, next: Partial<ModuleSpec>): Promise<string> {
  const before = status(loop).updatedRevision;
  await loop.apply('web', next);
  const isNew = (revision: string | undefined): revision is string =>
    revision !== undefined && revision !== before;
  await loop.until(() => {
    const { updatedRevision } = status(loop);
    return (
      isNew(updatedRevision) && of(loop, updatedRevision).some(({ state }) => state === 'running')
    );
  });
  return status(loop).updatedRevision ?? '';
}

const annotate = (loop: Loop, key: string, value: string) =>
  loop.registry.update('Module', 'web', (current) => ({
    ...current,
    metadata: {
      ...current.metadata,
      annotations: { ...current.metadata.annotations, [key]: value },
    },
  }));

const crash = (loop: Loop, revision: string): void => {
  for (const { id, state } of of(loop, revision))
    if (state === 'running') loop.runtime.engine.crash(id, 3);
};

describe('a rollout', () => {
  it('starts the new container first, and stops the old one when the new one is ready for long enough', async () => {
    const loop = await running();
    const [old] = containers(loop);
    const next = await change(loop, spec('2'));
    expect(old?.state).toBe('running');
    expect(status(loop)).toMatchObject({
      phase: 'Deploying',
      rollout: { order: 'start-first', state: 'Progressing' },
    });
    await loop.advance(3_000);
    expect(containers(loop)).toHaveLength(2);
    await loop.until(() => isReady(loop.module('web')));
    expect(containers(loop).map(({ owner }) => owner.revision)).toEqual([next]);
    expect(status(loop)).toMatchObject({
      currentRevision: next,
      rollout: { number: 2, state: 'Complete' },
    });
    expect(rollouts(loop)).toMatchObject([
      { number: 1, state: 'Complete', cause: 'it is new' },
      { number: 2, state: 'Complete', cause: 'spec.env[0].value' },
    ]);
  });

  it('goes slot by slot', async () => {
    const loop = await running(spec('1', { replicas: 3 }));
    const next = await change(loop, spec('2', { replicas: 3 }));
    let most = 0;
    await loop.until(() => {
      most = Math.max(most, containers(loop).length);
      return isReady(loop.module('web'));
    });
    expect(most).toBe(4);
    expect(of(loop, next)).toHaveLength(3);
  });

  it('goes back by itself when the new one crashes, and does not try it again', async () => {
    const loop = await running();
    const [old] = containers(loop);
    const next = await change(loop, spec('2'));
    crash(loop, next);
    await loop.until(() => of(loop, next).some(({ state }) => state === 'running'));
    crash(loop, next);
    await loop.until(
      () => status(loop).rollout?.state === 'RolledBack' && containers(loop).length === 1,
    );
    expect(containers(loop)[0]).toMatchObject({ id: old?.id, state: 'running' });
    await loop.until(() => readyReason(loop.module('web')) === 'RolledBack');
    expect(status(loop)).toMatchObject({
      phase: 'Degraded',
      currentRevision: old?.owner.revision,
      quarantined: [{ revision: next, reason: 'Crashed' }],
    });
    const creates = loop.runtime.count('create');
    await loop.advance(700_000);
    expect(loop.runtime.count('create')).toBe(creates);
    expect(rollouts(loop).at(-1)).toMatchObject({
      ...{ state: 'RolledBack', reason: 'Crashed' },
      evidence: { exitCode: 3, state: 'exited' },
    });
    await annotate(loop, UNQUARANTINED_AT_ANNOTATION, new Date(loop.clock.now()).toISOString());
    await loop.until(() => isReady(loop.module('web')));
    expect(status(loop)).toMatchObject({ currentRevision: next, rollout: { number: 3 } });
    expect(status(loop).quarantined).toBeUndefined();
  });

  it('stops the old one first where both want a port, and starts the same one again on a failure', async () => {
    const loop = await running(spec('1', PORTS));
    const [old] = containers(loop);
    const next = await change(loop, spec('2', PORTS));
    expect(old?.state).toBe('exited');
    expect(status(loop).rollout).toMatchObject({
      ...{ order: 'stop-first', because: 'both publish port 8080/TCP of the host' },
    });
    crash(loop, next);
    await loop.until(() => of(loop, next).some(({ state }) => state === 'running'));
    crash(loop, next);
    await loop.until(() => readyReason(loop.module('web')) === 'RolledBack');
    expect(containers(loop)).toMatchObject([{ id: old?.id, state: 'running' }]);
    expect(status(loop).containers[0]?.failures).toBe(0);
  });

  it('fails by the second exit, without waiting until the engine gives up', async () => {
    const loop = await running(spec('1', PORTS));
    const [old] = containers(loop);
    const next = await change(loop, spec('2', PORTS));
    const id = of(loop, next)[0]?.id ?? '';
    loop.runtime.engine.restartLater(id, 4);
    await loop.advance(100);
    expect(status(loop).rollout?.state).toBe('Progressing');
    loop.runtime.engine.restartLater(id, 4);
    await loop.advance(100);
    await loop.until(() => readyReason(loop.module('web')) === 'RolledBack');
    expect(containers(loop)).toMatchObject([{ id: old?.id, state: 'running' }]);
    expect(rollouts(loop).at(-1)).toMatchObject({
      ...{
        reason: 'Crashed',
        message: expect.stringMatching(/: it exited with code 4$/) as string,
      },
      evidence: { exitCode: 4, state: 'restarting' },
    });
  });

  it('goes back to containers that have the old value of a Secret, and makes none with the new', async () => {
    const loop = await startLoop();
    await writeSecret(loop.registry, 'keys', { api: 'first' });
    const valueFrom = { secretKeyRef: { name: 'keys', key: 'api' } };
    await loop.apply('web', { ...spec('1'), env: [{ name: 'API', valueFrom }] });
    await loop.until(() => isReady(loop.module('web')));
    const [old] = containers(loop);
    await writeSecret(loop.registry, 'keys', { api: 'second' });
    await loop.until(() => containers(loop).length === 2);
    const next = status(loop).updatedRevision ?? '';
    loop.runtime.engine.restartLater(of(loop, next)[0]?.id ?? '');
    loop.runtime.engine.restartLater(of(loop, next)[0]?.id ?? '');
    await loop.until(() => readyReason(loop.module('web')) === 'RolledBack');
    expect(containers(loop)).toMatchObject([{ id: old?.id, state: 'running' }]);
  });

  it('does not judge what ran before by the progress check of the one that got stuck', async () => {
    const openEye = () => ({
      look: () => Promise.resolve({ kind: 'nothing', detail: 'it is silent' } as const),
      close: () => undefined,
    });
    const loop = await startLoop({ options: { openEye } });
    const strategy = { ...STRATEGY, minReadySeconds: 40, progressDeadlineSeconds: 600 };
    await loop.apply('web', spec('1', { strategy }));
    await loop.until(() => isReady(loop.module('web')));
    const [old] = containers(loop);
    const progressCheck = { logPattern: 'height', withinSeconds: 20 };
    await loop.apply('web', spec('2', { strategy, progressCheck }));
    await loop.until(() => readyReason(loop.module('web')) === 'RolledBack');
    expect(status(loop).quarantined).toMatchObject([{ reason: 'Stuck' }]);
    expect(containers(loop)).toMatchObject([{ id: old?.id, state: 'running' }]);
    await loop.advance(100_000);
    expect(status(loop)).toMatchObject({ phase: 'Degraded', restarts: 0, readyReplicas: 1 });
  });

  it('fails when it does not come on in time', async () => {
    const check = { exec: { command: ['true'] }, intervalSeconds: 1, timeoutSeconds: 1 };
    const healthCheck = { ...check, retries: 3, startPeriodSeconds: 3_000 };
    const loop = await running();
    await change(loop, spec('2', { healthCheck }));
    await loop.until(() => readyReason(loop.module('web')) === 'RolledBack');
    expect(status(loop).quarantined).toMatchObject([{ reason: 'DeadlineExceeded' }]);
    expect(containers(loop)).toHaveLength(1);
  });

  it('without one to go back to stays visible, and is tried again with backoff', async () => {
    const loop = await startLoop();
    await loop.apply('web', spec('1'));
    await loop.until(
      () => containers(loop).length === 1 && containers(loop)[0]?.state === 'running',
    );
    const { revision } = containers(loop)[0]?.owner ?? { revision: '' };
    crash(loop, revision);
    await loop.until(() => of(loop, revision).some(({ state }) => state === 'running'));
    crash(loop, revision);
    await loop.until(() => readyReason(loop.module('web')) === 'CrashLoopBackOff');
    expect(status(loop)).toMatchObject({ phase: 'Failed' });
    await loop.until(() => isReady(loop.module('web')));
    expect(status(loop)).toMatchObject({ phase: 'Running', rollout: { state: 'Complete' } });
  });

  it('is given up when the spec goes further or back', async () => {
    const loop = await running();
    const [old] = containers(loop);
    const second = await change(loop, spec('2'));
    const third = await change(loop, spec('3'));
    expect(of(loop, second)).toEqual([]);
    expect(old?.state).toBe('running');
    await loop.apply('web', spec('1'));
    await loop.until(() => isReady(loop.module('web')));
    expect(of(loop, third)).toEqual([]);
    expect(containers(loop)).toMatchObject([{ id: old?.id }]);
    expect(rollouts(loop).map(({ state }) => state)).toEqual([
      'Complete',
      'Superseded',
      'Superseded',
    ]);
  });

  it('waits while it is paused', async () => {
    const loop = await running();
    await annotate(loop, ROLLOUT_PAUSED_ANNOTATION, 'true');
    await loop.apply('web', spec('2'));
    await loop.until(() => readyReason(loop.module('web')) === 'RolloutPaused');
    await loop.advance(200_000);
    expect(containers(loop)).toHaveLength(1);
    await annotate(loop, ROLLOUT_PAUSED_ANNOTATION, 'false');
    await loop.until(() => isReady(loop.module('web')));
    expect(status(loop).rollout).toMatchObject({ number: 2, state: 'Complete' });
  });

  it('is undone when somebody asks for it', async () => {
    const loop = await running();
    const first = status(loop).currentRevision ?? '';
    const second = await change(loop, spec('2'));
    await loop.until(() => isReady(loop.module('web')));
    await annotate(loop, UNDO_ANNOTATION, `${second}:${first}`);
    await loop.until(() => readyReason(loop.module('web')) === 'Undone');
    expect(containers(loop)).toMatchObject([{ owner: { revision: first }, state: 'running' }]);
    expect(status(loop)).toMatchObject({ currentRevision: first, updatedRevision: second });
    await change(loop, spec('3'));
    await loop.until(() => isReady(loop.module('web')));
  });

  it('is remembered by the daemon that comes after', async () => {
    const loop = await running(spec('1', PORTS));
    const [old] = containers(loop);
    const next = await change(loop, spec('2', PORTS));
    crash(loop, next);
    await loop.until(() => loop.module('web').status.restarts === 1);
    await loop.stop();
    const again = await startLoop({
      clock: loop.clock,
      registry: loop.registry,
      runtime: loop.runtime,
    });
    // It has to be seen to crash.
    await again.advance(1_000);
    crash(again, next);
    await again.until(() => readyReason(again.module('web')) === 'RolledBack');
    expect(containers(again)).toMatchObject([{ id: old?.id, state: 'running' }]);
  });
});
