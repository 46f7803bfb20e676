import { expect, test } from 'vitest';
import { FakeClock } from '../helpers/fake-clock.js';
import { isReady, startLoop, tempRegistry } from '../helpers/loop.js';
import type { Loop } from '../helpers/loop.js';
import { MemoryRuntime } from '../helpers/memory-runtime.js';
import { anEntry } from '../helpers/audit.js';

const reasonOf = (loop: Loop): string | undefined =>
  loop.module('web').status.conditions.find(({ type }) => type === 'Ready')?.reason;

/** A store on which a module ran, and what starts a daemon on another engine. */
async function moved(suspend = false) {
  const clock = new FakeClock();
  const registry = await tempRegistry(clock);
  const { instanceId } = registry;
  const [runtime, other] = [0, 1].map(() => new MemoryRuntime({ clock, instanceId }));
  if (runtime === undefined || other === undefined) throw new Error('There are two');
  runtime.engine.addImage('sample:1');
  // The same image on both, as from a registry.
  for (const [reference, image] of runtime.engine.images) other.engine.images.set(reference, image);
  const first = await startLoop({ clock, registry, runtime });
  expect(registry.engineId).toBeUndefined();
  await first.apply('web');
  await first.until(() => isReady(first.module('web')));
  expect(registry.engineId).toBe(first.runtime.engine.engineId);
  if (suspend) {
    await first.apply('web', { suspend: true });
    await first.until(() => first.module('web').status.phase === 'Suspended');
  }
  await first.stop();
  const start = (): Promise<Loop> => startLoop({ clock, registry, runtime: other });
  return { registry, first: first.runtime, other, start };
}

test('on another engine nothing is made before it is accepted, and everything after', async () => {
  const { registry, first, other, start } = await moved();
  const loop = await start();
  await loop.until(() => reasonOf(loop) === 'EngineChanged');
  await loop.advance(120_000);
  expect(loop.module('web').status.phase).toBe('Unknown');
  expect(other.count('create')).toBe(0);
  expect(registry.engineId).toBe(first.engine.engineId);
  const { engineId } = other.engine;
  const audit = anEntry({ verb: 'post', resource: '/enginez/accept' });
  expect(await loop.controller.operations.acceptEngine(audit)).toBe(engineId);
  await loop.until(() => isReady(loop.module('web')));
  expect(registry.engineId).toBe(engineId);
  const [line] = await registry.audit.list({ limit: 1 });
  expect(line).toMatchObject({ verb: 'post', name: engineId });
});

test('another engine that comes after none is told of, too', async () => {
  const { other, start } = await moved();
  other.goAway();
  const loop = await start();
  await loop.until(() => reasonOf(loop) === 'EngineUnavailable');
  other.comeBack();
  await loop.until(() => reasonOf(loop) === 'EngineChanged');
  expect(other.count('create')).toBe(0);
});

test('an engine that has our containers is the one they ran on, whatever its id', async () => {
  const { registry, first, other, start } = await moved();
  for (const [id, container] of first.engine.containers) other.engine.containers.set(id, container);
  const loop = await start();
  await loop.until(() => registry.engineId === other.engine.engineId);
  await loop.advance(60_000);
  expect(isReady(loop.module('web'))).toBe(true);
  expect(other.count('create')).toBe(0);
});

test('where nothing should run, another engine is as good', async () => {
  const { registry, other, start } = await moved(true);
  const loop = await start();
  await loop.advance(5_000);
  expect(registry.engineId).toBe(other.engine.engineId);
  expect(loop.module('web').status.phase).toBe('Suspended');
});
