import { describe, expect, test } from 'vitest';
import type { Survey } from '../../src/docker/runtime.js';
import type { HostPort, Neighbour } from '../../src/model/host.js';
import type { ContainerTemplate } from '../../src/model/revision.js';
import { freePort } from '../helpers/free-port.js';
import { aRequest, aTemplate } from '../helpers/requests.js';
import type { World } from './contract.js';

/** What every Runtime promises of a look at the host; see `runtimeContract`. */
export function surveyContract(setup: () => Promise<World>): void {
  describe('a survey of a Runtime', () => {
    test('tells of every container whose it is', async () => {
      const world = await setup();
      const own = await run(world);
      const foreign = await world.outside.addForeign(`${world.module}-foreign`);
      const { containers } = await survey({ ...world, runtime: world.other });
      expect(find(containers, own)).toMatchObject({
        ...{ name: `${world.module}-aaaaaaa-0`, ports: [], gpus: [] },
        owner: { instance: world.instance, module: world.module, slot: 0 },
      });
      expect(find(containers, foreign)).toMatchObject({
        ...{ name: `${world.module}-foreign`, owner: undefined },
      });
    });

    test('tells of the ports of the host that a container has while it runs', async () => {
      const world = await setup();
      const port: HostPort = { ip: '127.0.0.1', port: await freePort(), protocol: 'TCP' };
      const published = { hostIp: port.ip, hostPort: port.port, protocol: port.protocol };
      const own = await run(world, {
        ports: [
          { name: 'axon', containerPort: 80, ...published },
          { name: 'inner', containerPort: 81, hostIp: port.ip, protocol: 'TCP' },
        ],
      });
      expect(find((await survey(world)).containers, own)?.ports).toEqual([port]);
      await world.runtime.stop(own, 1);
      expect(find((await survey(world)).containers, own)?.ports).toEqual([]);
    });

    test('refuses nothing to a container that asks for nothing, and makes nothing', async () => {
      const world = await setup();
      const volumes = [{ name: 'state', mountPath: '/state', readOnly: false }];
      const { refusals, memoryBytes } = await survey(world, { volumes });
      expect(refusals).toEqual([]);
      expect(memoryBytes).toBeGreaterThan(0);
      expect(await world.runtime.list()).toEqual([]);
    });
  });
}

/** A world with GPUs on its host. */
export interface GpuWorld extends World {
  readonly gpu: string;
  /** Takes the GPUs of a container away, as hosts do. */
  loseGpus(id: string): void;
}

/** What every Runtime promises of GPUs. */
export function gpuContract(setup: () => Promise<GpuWorld>): void {
  describe('GPUs of a Runtime', () => {
    test('one that the host has is not refused; trying leaves nothing', async () => {
      const world = await setup();
      const { refusals } = await survey(world, using(world.gpu));
      expect(refusals).toEqual([]);
      const { containers } = await survey(world);
      const ours = ({ name }: Neighbour): boolean => name.includes(world.instance.slice(0, 8));
      expect(containers.filter(ours)).toEqual([]);
    });

    test('one that the host does not have is GPU_UNAVAILABLE; without an image it is not tried', async () => {
      const world = await setup();
      const { refusals } = await survey(world, using('GPU-nowhere'));
      expect(refusals.map(({ code }) => code)).toEqual(['GPU_UNAVAILABLE']);
      expect(refusals[0]?.message).toContain('GPU-nowhere');
      const request = { owner: world, template: aTemplate(using('GPU-nowhere')) };
      const untried = await world.runtime.survey({ ...request, imageId: undefined });
      expect(untried.refusals).toEqual([]);
    });

    test('a container tells of its own, to its registrar and to others', async () => {
      const world = await setup();
      const id = await run(world, using(world.gpu));
      expect((await world.runtime.inspect(id))?.gpus).toEqual([world.gpu]);
      const { containers } = await survey({ ...world, runtime: world.other });
      expect(find(containers, id)?.gpus).toEqual([world.gpu]);
      expect(await world.runtime.inspect(await run(world, {}, 1))).not.toHaveProperty('gpus');
    });

    test('the program of the driver lists them, and says when they are gone', async () => {
      const world = await setup();
      const id = await run(world, using(world.gpu));
      expect(await asked(world, id)).toEqual({
        text: expect.stringContaining(`(UUID: ${world.gpu})`) as string,
        code: 0,
      });
      world.loseGpus(id);
      expect(await asked(world, id)).toEqual({
        text: 'Failed to initialize NVML: Unknown Error\n',
        code: 255,
      });
    });
  });
}

const using = (gpu: string): Partial<ContainerTemplate> => ({
  resources: { ...aTemplate().resources, gpus: [gpu] },
});

const find = (containers: readonly Neighbour[], id: string): Neighbour | undefined =>
  containers.find((one) => one.id === id);

async function imageIdOf({ runtime, image }: World): Promise<string> {
  return (await runtime.findImage(image))?.id ?? '';
}

async function survey(world: World, template: Partial<ContainerTemplate> = {}): Promise<Survey> {
  const owner = { instance: world.instance, module: world.module };
  const imageId = await imageIdOf(world);
  return world.runtime.survey({ owner, template: aTemplate(template), imageId });
}

async function run(
  world: World,
  template: Partial<ContainerTemplate> = {},
  slot = 0,
): Promise<string> {
  const { runtime, instance, module } = world;
  const request = aRequest(await imageIdOf(world), { instance, module, slot }, template);
  const id = await runtime.create(request);
  await runtime.start(id);
  return id;
}

async function asked({ runtime }: World, id: string): Promise<{ text: string; code: number }> {
  const command = ['nvidia-smi', '-L'];
  const session = await runtime.exec(id, { command, stdin: false, tty: false });
  let text = '';
  for await (const { bytes } of session.output) text += bytes.toString();
  return { text, code: await session.exitCode() };
}
