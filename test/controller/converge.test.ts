import { describe, expect, it, onTestFinished } from 'vitest';
import { RESTARTED_AT_ANNOTATION } from '../../src/model/names.js';
import { isReady, readyReason, startLoop } from '../helpers/loop.js';
import type { Loop } from '../helpers/loop.js';

const containersOf = ({ runtime }: Loop) => [...runtime.engine.containers.values()];

async function running(spec = {}): Promise<Loop> {
  const loop = await startLoop();
  await loop.apply('web', spec);
  await loop.until(() => isReady(loop.module('web')));
  return loop;
}

function only(loop: Loop) {
  const [container, ...others] = containersOf(loop);
  expect(others).toEqual([]);
  if (container === undefined) throw new Error('No container');
  return container;
}

describe('reconcile()', () => {
  it('brings up what a module asks for, and says so', async () => {
    const loop = await running({ replicas: 2 });
    expect(containersOf(loop).map(({ state, owner }) => `${owner.slot} ${state}`)).toEqual([
      '0 running',
      '1 running',
    ]);
    const { status } = loop.module('web');
    expect(status).toMatchObject({ phase: 'Running', replicas: 2, readyReplicas: 2, restarts: 0 });
    expect(status.imageReference).toBe('sample:1');
    const events = loop.registry.list('Event').items.map(({ object }) => object.reason);
    expect(events.toSorted()).toEqual([
      ...['Created', 'Created', 'RolloutComplete', 'RolloutProgressing', 'Started', 'Started'],
    ]);
  });

  it('scales up and down without touching the others', async () => {
    const loop = await running();
    const { id } = only(loop);
    await loop.apply('web', { replicas: 3 });
    await loop.until(() => loop.module('web').status.readyReplicas === 3);
    await loop.apply('web', { replicas: 1 });
    await loop.until(() => isReady(loop.module('web')) && containersOf(loop).length === 1);
    expect(only(loop).id).toBe(id);
  });

  it('replaces the container when the spec changes, and only then', async () => {
    const loop = await running();
    const { id } = only(loop);
    await loop.apply('web', { description: 'another text' });
    await loop.until(() => isReady(loop.module('web')));
    expect(only(loop).id).toBe(id);
    await loop.apply('web', { env: [{ name: 'A', value: '1' }] });
    await loop.until(() => isReady(loop.module('web')));
    expect(only(loop).id).not.toBe(id);
  });

  it('replaces the container on a restart that was asked for', async () => {
    const loop = await running();
    const { id } = only(loop);
    await loop.registry.update('Module', 'web', (current) => ({
      ...current,
      metadata: { ...current.metadata, annotations: { [RESTARTED_AT_ANNOTATION]: 'now' } },
    }));
    await loop.until(() => containersOf(loop).length === 1 && only(loop).id !== id);
    await loop.until(() => isReady(loop.module('web')));
    expect(loop.module('web').metadata.generation).toBe(1);
  });

  it('stops a suspended module and starts it again', async () => {
    const loop = await running();
    await loop.apply('web', { suspend: true });
    await loop.until(() => loop.module('web').status.phase === 'Suspended');
    expect(containersOf(loop)).toEqual([]);
    await loop.apply('web', { suspend: false });
    await loop.until(() => isReady(loop.module('web')));
  });

  it('deletes containers first, then the module', async () => {
    const loop = await running();
    await loop.registry.delete('Module', 'web');
    expect(loop.registry.get('Module', 'web')).toBeDefined();
    await loop.until(() => loop.registry.get('Module', 'web') === undefined);
    expect(containersOf(loop)).toEqual([]);
    expect(loop.runtime.count('tidy')).toBe(1);
  });

  it('keeps a deleted module until nothing is left that its containers needed', async () => {
    const loop = await running();
    const release = loop.runtime.hold('tidy');
    await loop.registry.delete('Module', 'web');
    await loop.until(() => loop.runtime.count('tidy') === 1);
    await loop.advance(1_000);
    expect(loop.registry.get('Module', 'web')).toBeDefined();
    release();
    await loop.until(() => loop.registry.get('Module', 'web') === undefined);
  });

  const drifts: [string, (loop: Loop, id: string) => void][] = [
    ['stopped', ({ runtime }, id) => runtime.engine.crash(id, 143)],
    ['removed', ({ runtime }, id) => runtime.engine.remove(id)],
    ['renamed', ({ runtime }, id) => runtime.engine.rename(id, 'mine')],
    ['taken off its network', ({ runtime }, id) => runtime.engine.disconnect(id)],
    ['paused', ({ runtime }, id) => runtime.engine.pause(id)],
    [
      'given other limits',
      ({ runtime }, id) => {
        runtime.engine.updateLimits(id, { memoryBytes: 7_000_000, nanoCpus: 1, pids: 1 });
      },
    ],
  ];

  it.each(drifts)('repairs a container that was %s by hand', async (_name, drift) => {
    const loop = await running();
    const before = { ...only(loop) };
    drift(loop, before.id);
    // The longest way: nothing but the next list tells of a container taken off its network.
    await loop.advance(35_000);
    expect(only(loop).address).not.toBe('');
    expect(only(loop)).toMatchObject({
      ...{ name: before.name, state: 'running', limits: before.limits },
    });
    expect(isReady(loop.module('web'))).toBe(true);
  });

  it('keeps what runs when its tag is moved', async () => {
    const loop = await running();
    const { id } = only(loop);
    loop.runtime.engine.addImage('sample:1');
    await loop.advance(60_000);
    expect(only(loop).id).toBe(id);
    loop.runtime.engine.remove(id);
    await loop.advance(5_000);
    expect(only(loop).imageId).toBe(loop.module('web').status.imageId);
  });

  it('costs one list and nothing else when nothing changed, however many modules', async () => {
    for (const count of [10, 60]) {
      const loop = await startLoop();
      for (let index = 0; index < count; index += 1) await loop.apply(`web-${index}`);
      const all = () => loop.registry.list('Module').items.map(({ object }) => object);
      await loop.until(() => all().every(isReady));
      await loop.advance(60_000);
      const { resourceVersion } = loop.registry;
      const calls = loop.runtime.calls.length;
      await loop.advance(30_000);
      const since = loop.runtime.calls.slice(calls).map((call) => call.method);
      expect(since.filter((method) => method !== 'info')).toEqual(['list']);
      expect(loop.registry.resourceVersion).toBe(resourceVersion);
    }
  });

  it('lets one module fail without delaying another', async () => {
    const loop = await startLoop();
    const release = loop.runtime.hold('findImage');
    onTestFinished(release);
    // Until then every module is Unknown, and the pass that is held would never say otherwise.
    await loop.until(() => loop.controller.observer.engine.kind === 'seen');
    await loop.apply('stuck');
    await loop.advance(1_000);
    await loop.apply('web', { suspend: true });
    await loop.until(() => loop.module('web').status.phase === 'Suspended');
    expect(loop.module('stuck').status.phase).toBe('Pending');
  });
});

describe('reconcile(), when a container fails', () => {
  it('backs off from a container that keeps exiting, and says why', async () => {
    const loop = await running();
    const starts: number[] = [];
    const crash = (): void => {
      const container = only(loop);
      if (container.state !== 'running') return;
      starts.push(loop.clock.now());
      loop.runtime.engine.crash(container.id, 7);
    };
    for (let step = 0; step < 400; step += 1) {
      crash();
      await loop.advance(500);
    }
    const gaps = starts.slice(1).map((start, index) => start - (starts[index] ?? 0));
    expect(gaps.map((gap) => Math.round(gap / 5_000) * 5)).toEqual([0, 10, 20, 40, 80]);
    const { status } = loop.module('web');
    expect(status.phase).toBe('Failed');
    expect(readyReason(loop.module('web'))).toBe('CrashLoopBackOff');
    expect(status.containers[0]).toMatchObject({ lastExit: { code: 7, reason: 'Error' } });
  });

  it('does not call a container ready before it has stayed up after failing', async () => {
    const loop = await running();
    for (let times = 0; times < 3; times += 1) {
      loop.runtime.engine.crash(only(loop).id, 1);
      await loop.until(() => only(loop).state === 'running');
    }
    await loop.advance(100);
    expect(readyReason(loop.module('web'))).toBe('Proving');
    await loop.advance(10_500);
    expect(isReady(loop.module('web'))).toBe(true);
  });
});
