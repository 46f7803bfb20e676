import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Method } from '../helpers/memory-runtime.js';
import { RegistrarError } from '../../src/model/errors.js';
import { containerName } from '../../src/model/owner.js';
import { FakeClock } from '../helpers/fake-clock.js';
import { isReady, readyReason, startLoop, tempRegistry } from '../helpers/loop.js';
import type { Loop } from '../helpers/loop.js';
import { MemoryRuntime } from '../helpers/memory-runtime.js';
import { openTempRegistry } from '../helpers/temp-registry.js';

const containersOf = ({ runtime }: Loop) =>
  [...runtime.engine.containers.values()].filter(({ owner }) => owner.instance !== '');

const eventsOf = ({ registry }: Loop) =>
  registry.list('Event').items.map(({ object }) => `${object.reason}: ${object.message}`);

async function running(spec = {}): Promise<Loop> {
  const loop = await startLoop();
  await loop.apply('web', spec);
  await loop.until(() => isReady(loop.module('web')));
  return loop;
}

/** Never answers some calls until it is told to. */
class HangingRuntime extends MemoryRuntime {
  #goOn = (): void => undefined;
  readonly #over = new Promise<void>((resolve) => (this.#goOn = resolve));

  goOn(): void {
    this.#goOn();
  }

  override async stop(id: string, graceSeconds: number): Promise<void> {
    const { owner } = this.engine.containers.get(id) ?? {};
    if (owner?.module.startsWith('deaf')) await this.#over;
    return super.stop(id, graceSeconds);
  }

  override async pullImage(...pull: Parameters<MemoryRuntime['pullImage']>) {
    await this.#over;
    return super.pullImage(...pull);
  }
}

it('modules whose stops and pulls hang delay no other', async () => {
  const clock = new FakeClock();
  const registry = await tempRegistry(clock);
  const runtime = new HangingRuntime({ clock, instanceId: registry.instanceId });
  runtime.engine.addImage('sample:1');
  const loop = await startLoop({ clock, registry, runtime });
  onTestFinished(() => runtime.goOn());
  const deaf = Array.from({ length: 20 }, (_, index) => `deaf-${index}`);
  for (const name of deaf) await loop.apply(name);
  await loop.until(() => deaf.every((name) => isReady(loop.module(name))));
  for (const name of deaf) await loop.apply(name, { args: ['other'] });
  for (const name of ['a', 'b', 'c', 'd'])
    await loop.apply(`pulls-${name}`, { image: `${name}:1` });
  await loop.advance(1_000);
  const calm = Array.from({ length: 50 }, (_, index) => `calm-${index}`);
  for (const name of calm) await loop.apply(name);
  const began = clock.now();
  await loop.until(() => calm.every((name) => isReady(loop.module(name))));
  expect(clock.now() - began).toBeLessThanOrEqual(5_000);
  expect(deaf.some((name) => isReady(loop.module(name)))).toBe(false);
});

describe('the store', () => {
  it('takes nothing for a while: what stops is started all the same, and told afterwards', async () => {
    const clock = new FakeClock();
    const { registry, dataDir } = await openTempRegistry({ clock });
    const loop = await startLoop({ clock, registry });
    await loop.apply('web');
    await loop.until(() => isReady(loop.module('web')));
    const other = new Sqlite(join(dataDir, 'registrar.db'));
    onTestFinished(() => void other.close());
    other.exec('BEGIN IMMEDIATE');
    const starts = loop.runtime.count('start');
    const crash = (): void => {
      for (const { id, state } of containersOf(loop)) {
        if (state === 'running') loop.runtime.engine.crash(id, 7);
      }
    };
    for (let times = 0; times < 8; times += 1) {
      crash();
      await loop.advance(1_000);
    }
    expect(loop.runtime.count('start') - starts).toBe(1);
    await loop.until(() => containersOf(loop).every(({ state }) => state === 'running'));
    other.exec('ROLLBACK');
    await loop.until(() => loop.module('web').status.restarts === 2);
    expect(loop.module('web').status.containers).toMatchObject([
      { restarts: 2, failures: 2, lastExit: { code: 7 } },
    ]);
  });
});

describe('the engine', () => {
  it('goes away: everything is Unknown within seconds; comes back: Ready, same container', async () => {
    const loop = await running();
    const [before] = containersOf(loop);
    loop.runtime.goAway();
    await loop.advance(12_000);
    expect(loop.module('web').status.phase).toBe('Unknown');
    expect(readyReason(loop.module('web'))).toBe('EngineUnavailable');
    loop.runtime.comeBack();
    await loop.advance(5_000);
    expect(isReady(loop.module('web'))).toBe(true);
    expect(containersOf(loop)).toEqual([before]);
  });

  it('ends and takes its containers down: nothing is started then, and nothing held against them', async () => {
    const loop = await running();
    const [before] = containersOf(loop);
    const starts = loop.runtime.count('start');
    for (let times = 0; times < 3; times += 1) {
      // Old connections are answered to the last.
      loop.runtime.failNext('info', new RegistrarError('ENGINE_UNAVAILABLE', 'Nobody listens'));
      loop.runtime.engine.crash(before?.id ?? '', 143);
      await loop.until(() => loop.module('web').status.phase === 'Unknown');
      loop.runtime.goAway();
      await loop.advance(4_000);
      expect(loop.runtime.count('start') - starts).toBe(times);
      loop.runtime.comeBack();
      await loop.until(() => isReady(loop.module('web')));
    }
    expect(containersOf(loop)).toMatchObject([{ id: before?.id, state: 'running' }]);
    expect(loop.module('web').status.containers).toMatchObject([{ restarts: 3, failures: 0 }]);
  });

  it('is away at the start: Unknown at once, and convergence when it appears', async () => {
    const clock = new FakeClock();
    const registry = await tempRegistry(clock);
    const runtime = new MemoryRuntime({ clock, instanceId: registry.instanceId });
    runtime.engine.addImage('sample:1');
    runtime.goAway();
    const loop = await startLoop({ clock, registry, runtime });
    await loop.apply('web');
    await loop.advance(3_000);
    expect(loop.module('web').status.phase).toBe('Unknown');
    runtime.comeBack();
    await loop.until(() => isReady(loop.module('web')));
  });

  it('cannot show one container: that is trouble of its own module alone', async () => {
    const loop = await running();
    await loop.apply('other');
    await loop.until(() => isReady(loop.module('other')));
    const [web, other] = ['web', 'other'].map((name) =>
      containersOf(loop).find(({ owner }) => owner.module === name),
    );
    const broken = new RegistrarError('ENGINE_ERROR', 'Its layer is unexpectedly nil');
    loop.runtime.breakContainer(web?.id ?? '', broken);
    loop.runtime.goAway();
    await loop.advance(12_000);
    loop.runtime.comeBack();
    await loop.advance(60_000);
    expect(loop.controller.observer.engine.kind).toBe('seen');
    loop.runtime.engine.crash(web?.id ?? '', 1);
    loop.runtime.engine.crash(other?.id ?? '', 1);
    await loop.until(() => isReady(loop.module('other')) && !isReady(loop.module('web')));
    await loop.until(() => readyReason(loop.module('web')) === 'EngineError');
    expect(containersOf(loop)).toHaveLength(2);
  });

  it('does not answer a call about one container, but else: no other module is Unknown', async () => {
    const loop = await running();
    await loop.apply('other');
    await loop.until(() => isReady(loop.module('other')));
    const phases: string[] = [];
    loop.registry.watch('Module', loop.registry.resourceVersion, ({ name, stored }) => {
      if (name === 'other') phases.push(stored.object.status.phase);
    });
    const stuck = new RegistrarError('ENGINE_TIMEOUT', 'No answer in 15 s');
    loop.runtime.failNext('stop', stuck);
    await loop.apply('web', { replicas: 0 });
    await loop.until(() => containersOf(loop).length === 1);
    expect(phases).toEqual([]);
  });

  it('loses the answer of a create: the container is adopted, never a second one', async () => {
    const loop = await startLoop();
    loop.runtime.loseAnswer('create', new RegistrarError('ENGINE_TIMEOUT', 'No answer in 60 s'));
    await loop.apply('web');
    await loop.until(() => isReady(loop.module('web')));
    expect(containersOf(loop)).toHaveLength(1);
  });

  const methods: Method[] = ['findImage', 'create', 'start', 'inspect', 'list'];
  it.each(methods)('refuses one %s: it is tried again', async (method) => {
    const loop = await startLoop();
    loop.runtime.failNext(method, new RegistrarError('ENGINE_ERROR', 'The engine is confused'));
    await loop.apply('web');
    await loop.until(() => isReady(loop.module('web')));
    expect(containersOf(loop)).toHaveLength(1);
  });
});

describe('an image', () => {
  it('is pulled when it is not there, and the digest is recorded', async () => {
    const loop = await startLoop();
    const published = loop.runtime.engine.publish('remote:1');
    await loop.apply('web', { image: 'remote:1' });
    await loop.until(() => isReady(loop.module('web')));
    const { imageId, imageDigest } = loop.module('web').status;
    expect([imageId, imageDigest]).toEqual([published.id, published.digest]);
  });

  it('that does not exist leaves the module failed, with the reason, and is tried again', async () => {
    const loop = await startLoop();
    await loop.apply('web', { image: 'nowhere:1' });
    await loop.advance(5_000);
    const { status } = loop.module('web');
    expect(status.phase).toBe('Failed');
    expect(readyReason(loop.module('web'))).toBe('ImageNotFound');
    loop.runtime.engine.publish('nowhere:1');
    await loop.until(() => isReady(loop.module('web')));
  });

  it('that cannot be had never touches what runs', async () => {
    const loop = await running();
    const [before] = containersOf(loop);
    await loop.apply('web', { image: 'nowhere:1' });
    await loop.advance(30_000);
    expect(containersOf(loop)).toEqual([before]);
    expect(loop.module('web').status).toMatchObject({ phase: 'Degraded', readyReplicas: 1 });
  });

  it('that the engine lost and no registry ever had is not taken from a tag of today', async () => {
    const loop = await running();
    const { imageId } = loop.module('web').status;
    loop.runtime.engine.images.clear();
    loop.runtime.engine.publish('sample:1');
    loop.runtime.engine.remove(containersOf(loop)[0]?.id ?? '');
    await loop.advance(60_000);
    expect(readyReason(loop.module('web'))).toBe('ImageNotFound');
    expect(containersOf(loop)).toEqual([]);
    loop.runtime.engine.addImage('sample:1', { id: imageId ?? '' });
    await loop.until(() => isReady(loop.module('web')));
  });

  it('that the engine lost is pulled again by its digest, not by its tag', async () => {
    const loop = await startLoop();
    const first = loop.runtime.engine.publish('remote:1');
    await loop.apply('web', { image: 'remote:1' });
    await loop.until(() => isReady(loop.module('web')));
    loop.runtime.engine.registry.set(`remote@${first.digest}`, first);
    loop.runtime.engine.publish('remote:1');
    loop.runtime.engine.images.clear();
    loop.runtime.engine.remove(containersOf(loop)[0]?.id ?? '');
    await loop.until(() => loop.runtime.count('create') > 1 && isReady(loop.module('web')));
    expect(containersOf(loop).map(({ imageId }) => imageId)).toEqual([first.id]);
  });
});

describe('a container', () => {
  it('that runs is not touched when its successor cannot be created', async () => {
    const loop = await running();
    const before = containersOf(loop).map((container) => ({ ...container }));
    const refusal = new RegistrarError('HOST_PATH_REFUSED', 'Host path "/etc" is not allowed');
    for (let times = 0; times < 50; times += 1) loop.runtime.failNext('create', refusal);
    await loop.apply('web', { env: [{ name: 'A', value: '1' }] });
    await loop.advance(60_000);
    expect(containersOf(loop)).toEqual(before);
    expect(loop.module('web').status).toMatchObject({ phase: 'Degraded', readyReplicas: 1 });
    expect(readyReason(loop.module('web'))).toBe('HostPathRefused');
  });

  it('whose limits cannot be reset is not asked again and again without a pause', async () => {
    const loop = await running();
    const [container] = containersOf(loop);
    loop.runtime.engine.updateLimits(container?.id ?? '', { memoryBytes: 1, nanoCpus: 1, pids: 1 });
    loop.runtime.updateLimits = () => Promise.resolve();
    await loop.advance(60_000);
    expect(loop.runtime.count('inspect')).toBeLessThan(20);
  });

  it('whose name a foreign one has: NameConflict, and the foreign one is left alone', async () => {
    const loop = await running();
    const [ours] = containersOf(loop);
    if (ours === undefined) throw new Error('No container');
    loop.runtime.engine.remove(ours.id);
    const foreign = loop.runtime.engine.add(containerName(ours.owner));
    const before = { ...foreign };
    await loop.advance(20_000);
    expect(readyReason(loop.module('web'))).toBe('NameConflict');
    expect(foreign).toEqual(before);
    loop.runtime.engine.containers.delete(foreign.id);
    await loop.until(() => isReady(loop.module('web')));
  });

  it('that cannot start says why, and starts when it can', async () => {
    const loop = await startLoop();
    const taken = new RegistrarError('PORT_CONFLICT', 'Port 127.0.0.1:8080 is already allocated');
    loop.runtime.failNext('start', taken);
    loop.runtime.failNext('start', taken);
    await loop.apply('web');
    await loop.advance(2_000);
    const { status } = loop.module('web');
    expect(status.containers[0]?.lastExit?.message).toContain('already allocated');
    expect(status.phase).toBe('Failed');
    await loop.until(() => isReady(loop.module('web')));
    expect(loop.clock.monotonic()).toBeGreaterThan(10_000);
  });

  it('of another registrar on the same engine is never seen', async () => {
    const loop = await running();
    const other = new MemoryRuntime({
      ...{ clock: loop.clock, instanceId: 'another', engine: loop.runtime.engine },
    });
    const registry = await tempRegistry(loop.clock);
    const second = await startLoop({ clock: loop.clock, registry, runtime: other });
    await second.advance(60_000);
    expect(isReady(loop.module('web'))).toBe(true);
  });

  it('without a module is reported once and left alone', async () => {
    const loop = await running();
    const [container] = containersOf(loop);
    if (container === undefined) throw new Error('No container');
    loop.runtime.engine.add('left-over', {
      owner: { ...container.owner, module: 'gone', uid: 'uid-gone' },
      template: { ...loop.module('web').spec },
      ...{ imageId: container.imageId, secrets: new Map(), files: [], uses: [] },
    });
    await loop.advance(120_000);
    const reports = eventsOf(loop).filter((event) => event.startsWith('OrphanContainer'));
    expect(reports).toHaveLength(1);
    expect(loop.runtime.engine.named('left-over')).toBeDefined();
  });
});

describe('a restarted daemon', () => {
  it('adopts what runs: same container, no restart, no write', async () => {
    const loop = await running({ replicas: 2 });
    await loop.advance(60_000);
    const before = containersOf(loop).map((container) => ({ ...container }));
    const { resourceVersion } = loop.registry;
    await loop.stop();
    const { clock, registry, runtime } = loop;
    const again = await startLoop({ clock, registry, runtime });
    await again.advance(60_000);
    expect(containersOf(again)).toEqual(before);
    expect(registry.resourceVersion).toBe(resourceVersion);
  });

  const changes: Method[] = ['create', 'start', 'stop', 'remove'];
  const moments = changes.flatMap((method) =>
    [1, 2, 3].flatMap((nth) => [false, true].map((answered) => ({ method, nth, answered }))),
  );

  it.each(moments)(
    'ends in the same state after dying at $method number $nth, answer seen: $answered',
    async ({ method, nth, answered }) => {
      const loop = await startLoop();
      killAt(loop, method, nth, answered);
      await loop.apply('web', { replicas: 2 });
      await loop.advance(10_000);
      await loop.apply('web', { replicas: 2, env: [{ name: 'A', value: '1' }] });
      await loop.apply('gone', {});
      await loop.advance(5_000);
      await loop.registry.delete('Module', 'gone');
      await loop.advance(5_000);
      await loop.stop();
      const { clock, registry, runtime } = loop;
      runtime.comeBack();
      const again = await startLoop({ clock, registry, runtime });
      await again.until(
        () => isReady(again.module('web')) && registry.get('Module', 'gone') === undefined,
      );
      const names = containersOf(again).map(
        ({ owner, state }) => `${owner.module} ${owner.slot} ${state}`,
      );
      expect(names.toSorted()).toEqual(['web 0 running', 'web 1 running']);
    },
  );
});

/**
 * From the nth call of a method on, the loop has no effect any more: it died before the engine did
 * the work, or after that and before it saw the answer.
 */
function killAt({ runtime }: Loop, method: Method, nth: number, answered: boolean): void {
  const target = runtime as unknown as Record<Method, (...args: unknown[]) => Promise<unknown>>;
  const original = target[method].bind(runtime);
  let calls = 0;
  target[method] = async (...args) => {
    calls += 1;
    if (calls !== nth) return original(...args);
    if (answered) await original(...args);
    runtime.goAway();
    throw new RegistrarError('ENGINE_UNAVAILABLE', 'The daemon died here');
  };
}
