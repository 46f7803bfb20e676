import { RegistrarError } from '../../src/model/errors.js';
import { FakeClock } from '../helpers/fake-clock.js';
import { MemoryRuntime } from '../helpers/memory-runtime.js';
import { runtimeContract } from './contract.js';
import type { World } from './contract.js';
import { imageContract } from './image-contract.js';
import { gpuContract, surveyContract } from './survey-contract.js';
import type { GpuWorld } from './survey-contract.js';

function memoryWorld(): Promise<World> {
  const clock = new FakeClock();
  const runtime = new MemoryRuntime({ clock, instanceId: 'instance-1' });
  const { engine } = runtime;
  engine.addImage('sample:1', { user: '65532:65532' });
  return Promise.resolve({
    ...{ runtime, instance: 'instance-1', image: 'sample:1', module: 'web' },
    ...{ other: new MemoryRuntime({ clock, instanceId: 'instance-2', engine }) },
    otherInstance: 'instance-2',
    outside: {
      addForeign: async (name) => engine.add(name).id,
      exists: async (id) => engine.containers.has(id),
      pause: async (id) => engine.pause(id),
      kill: async (id) => engine.crash(id, 137),
      rename: async (id, name) => engine.rename(id, name),
      remove: async (id) => {
        engine.crash(id, 137);
        engine.remove(id);
      },
      disconnect: async (id) => engine.disconnect(id),
      updateLimits: async (id, limits) => engine.updateLimits(id, limits),
      say: async (id, line) => {
        await clock.advance(1000);
        engine.say(id, line);
      },
    },
  });
}

/** The same with a GPU. */
async function gpuWorld(): Promise<GpuWorld> {
  const world = await memoryWorld();
  const { engine } = world.runtime as MemoryRuntime;
  const missing = 'Cannot give GPU GPU-nowhere to a container: unknown device';
  engine.refusals.set('GPU-nowhere', new RegistrarError('GPU_UNAVAILABLE', missing));
  engine.programs.set('nvidia-smi', async ({ write }) => {
    await write('stdout', 'GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-1)\n');
    return 0;
  });
  const loseGpus = (): void => {
    engine.programs.set('nvidia-smi', async ({ write }) => {
      await write('stdout', 'Failed to initialize NVML: Unknown Error\n');
      return 255;
    });
  };
  return { ...world, gpu: 'GPU-1', loseGpus };
}

runtimeContract(memoryWorld);
imageContract(memoryWorld);
surveyContract(memoryWorld);
gpuContract(gpuWorld);
