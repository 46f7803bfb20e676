import { FakeClock } from '../helpers/fake-clock.js';
import { MemoryRuntime } from '../helpers/memory-runtime.js';
import { runtimeContract } from './contract.js';
import type { World } from './contract.js';

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

runtimeContract(memoryWorld);
