import { expect, test, vi } from 'vitest';
import { GpuWatch } from '../../src/controller/gpu-watch.js';
import { dockerWorld, outside } from '../helpers/docker-world.js';
import { SAMPLE_IMAGE } from '../helpers/engine.js';
import { FakeClock } from '../helpers/fake-clock.js';
import { GPU, gpuEngine } from '../helpers/gpu-engine.js';
import { aTemplate } from '../helpers/requests.js';
import { runtimeContract } from './contract.js';
import { gpuContract, surveyContract } from './survey-contract.js';
import type { GpuWorld } from './survey-contract.js';

/** No machine of the tests has a GPU: an engine that plays one has to keep what the real one keeps. */
async function gpuWorld(): Promise<GpuWorld> {
  const engine = await gpuEngine();
  const { dockerHost } = engine;
  const other = await dockerWorld({ dockerHost });
  const world = await dockerWorld({ dockerHost });
  return {
    ...{ ...world, other: other.runtime, otherInstance: other.instance },
    ...{ image: SAMPLE_IMAGE, outside: outside(world.engine) },
    ...{ gpu: GPU, loseGpus: (id) => engine.loseGpus(id) },
  };
}

runtimeContract(gpuWorld);
surveyContract(gpuWorld);
gpuContract(gpuWorld);

test('that a container lost its GPU is noticed', async () => {
  const engine = await gpuEngine();
  const world = await dockerWorld({ dockerHost: engine.dockerHost });
  const id = await world.run({ resources: { ...aTemplate().resources, gpus: [GPU] } });
  const clock = new FakeClock();
  const changed: string[] = [];
  const watch = new GpuWatch(world.runtime, clock, (module) => changed.push(module));
  const look = async () => {
    const container = await world.runtime.inspect(id);
    return container && watch.observe(container).lostGpus;
  };
  expect(await look()).toBeUndefined();
  engine.loseGpus(id);
  await vi.waitFor(
    async () => {
      await clock.advance(60_000);
      expect(changed).toEqual([world.module]);
    },
    { timeout: 20_000, interval: 200 },
  );
  expect(await look()).toEqual([GPU]);
  watch.close();
});
