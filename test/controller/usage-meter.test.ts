import { expect, it } from 'vitest';
import { UsageMeter } from '../../src/controller/usage-meter.js';
import type { Run } from '../../src/controller/usage-meter.js';
import { RegistrarError } from '../../src/model/errors.js';
import { codeOf } from '../helpers/code-of.js';
import { FakeClock, settle } from '../helpers/fake-clock.js';
import { MemoryRuntime } from '../helpers/memory-runtime.js';
import { aRequest } from '../helpers/requests.js';

/** Containers that run, and a meter for them. */
async function setUp(count = 1) {
  const clock = new FakeClock();
  const runtime = new MemoryRuntime({ clock, instanceId: 'instance-1' });
  const image = runtime.engine.addImage('sample:1');
  const runs: Run[] = [];
  for (let slot = 0; slot < count; slot += 1) {
    const id = await runtime.create(aRequest(image.id, { slot }));
    await runtime.start(id);
    runs.push({ containerId: id, startedAt: runtime.engine.get(id).startedAt ?? '' });
  }
  const meter = new UsageMeter(runtime, clock);
  const work = (id: string, cpuSeconds: number): void => {
    runtime.engine.get(id).usage.cpuNanoseconds += cpuSeconds * 1e9;
  };
  const measure = async (ms = 1_000) => {
    const answer = meter.of(runs);
    await settle();
    await clock.advance(ms);
    return answer;
  };
  return { clock, runtime, meter, runs, work, measure };
}

it('looks twice, a second apart, when nothing is known yet', async () => {
  const { clock, runtime, meter, runs, work } = await setUp(20);
  const answer = meter.of(runs);
  await settle();
  await clock.advance(999);
  expect(runtime.count('stats')).toBe(20);
  for (const { containerId } of runs) work(containerId, 0.5);
  await clock.advance(1);
  const usages = await answer;
  expect(usages.size).toBe(20);
  expect(usages.get(runs[0]?.containerId ?? '')).toEqual({
    ...{ at: clock.now(), windowMs: 1_000, nanoCpus: 5e8, memoryBytes: 4096 },
  });
});

it('hands the same out again for five seconds, then measures from the last look', async () => {
  const { clock, runtime, runs, work, measure } = await setUp();
  const first = await measure();
  expect(runtime.count('stats')).toBe(2);
  expect(await measure(0)).toEqual(first);
  expect(runtime.count('stats')).toBe(2);
  await clock.advance(10_000);
  work(runs[0]?.containerId ?? '', 5);
  const [usage] = (await measure(0)).values();
  expect(usage).toMatchObject({ windowMs: 10_000, nanoCpus: 5e8 });
  expect(runtime.count('stats')).toBe(3);
});

it('does not take an average of more than a minute', async () => {
  const { clock, measure } = await setUp();
  await measure();
  await clock.advance(61_000);
  const [usage] = (await measure()).values();
  expect(usage).toMatchObject({ windowMs: 1_000 });
});

it('who asks at the same time is served from the same looks', async () => {
  const { runtime, meter, runs, measure } = await setUp();
  const other = meter.of(runs);
  await measure();
  expect((await other).size).toBe(1);
  expect(runtime.count('stats')).toBe(2);
});

it('leaves out what does not run or is gone', async () => {
  const { runtime, runs, measure } = await setUp(3);
  const [first, second, third] = runs.map((run) => run.containerId);
  runtime.engine.crash(first ?? '', 1);
  runtime.engine.remove(second ?? '');
  expect([...(await measure()).keys()]).toEqual([third]);
});

it('another run of a container begins anew', async () => {
  const { clock, runtime, meter, runs, work, measure } = await setUp();
  const [run] = runs;
  if (run === undefined) throw new Error('no container');
  await measure();
  await clock.advance(10_000);
  runtime.engine.restart(run.containerId);
  work(run.containerId, 9);
  const startedAt = runtime.engine.get(run.containerId).startedAt ?? '';
  const answer = meter.of([{ ...run, startedAt }]);
  await settle();
  await clock.advance(1_000);
  const [usage] = (await answer).values();
  expect(usage).toMatchObject({ windowMs: 1_000, nanoCpus: 0 });
});

it('rejects when the engine is away, and works when it is back', async () => {
  const { runtime, meter, runs, measure } = await setUp();
  runtime.goAway();
  expect(await codeOf(meter.of(runs))).toBe('ENGINE_UNAVAILABLE');
  runtime.comeBack();
  expect((await measure()).size).toBe(1);
  runtime.failNext('stats', new RegistrarError('ENGINE_TIMEOUT', 'too slow'));
  expect((await measure()).size).toBe(1);
});
