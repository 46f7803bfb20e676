import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createDockerRuntime } from '../../src/docker/docker-runtime.js';
import type { ContainerTemplate } from '../../src/model/revision.js';
import { dockerWorld } from '../helpers/docker-world.js';
import type { DockerWorld } from '../helpers/docker-world.js';
import { fakeEngine, json, VERSION } from '../helpers/fake-engine.js';
import { aTemplate } from '../helpers/requests.js';

const mounted = (name: string, hostPath?: string): ContainerTemplate['volumes'][number] => ({
  ...{ name, mountPath: `/${name}`, readOnly: false },
  ...(hostPath !== undefined && { hostPath }),
});

async function refusals(
  { runtime, instance, module, imageId }: DockerWorld,
  template: Partial<ContainerTemplate>,
): Promise<string[]> {
  const owner = { instance, module };
  const found = await runtime.survey({ owner, template: aTemplate(template), imageId });
  return found.refusals.map(({ code, message }) => `${code}: ${message}`);
}

test('folders that are missing or none, and the volume of somebody else, are refused', async () => {
  const world = await dockerWorld();
  const folder = mkdtempSync(join(tmpdir(), 'registrar-survey-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'file'), '');
  const foreign = `registrar-${world.instance.slice(0, 8)}_${world.module}_foreign`;
  await world.engine.createVolume({ Name: foreign });
  onTestFinished(async () => void (await world.engine.getVolume(foreign).remove()));
  const volumes = [
    ...[mounted('good', folder), mounted('gone', join(folder, 'gone'))],
    ...[mounted('file', join(folder, 'file')), mounted('foreign'), mounted('new')],
  ];
  expect(await refusals(world, { volumes })).toEqual([
    `HOST_PATH_REFUSED: Cannot mount host path "${join(folder, 'gone')}": it does not exist; create it first`,
    `HOST_PATH_REFUSED: Cannot mount host path "${join(folder, 'file')}": it is not a folder`,
    `NAME_CONFLICT: Cannot use volume "${foreign}": it is not of this instance; remove it or rename the volume`,
  ]);
});

test('an engine without a driver for GPUs says so, and nothing is left of the try', async () => {
  const world = await dockerWorld();
  const resources = { ...aTemplate().resources, gpus: ['GPU-1'] };
  expect(await refusals(world, { resources })).toEqual([
    'GPU_UNAVAILABLE: Cannot give GPU GPU-1 to a container: could not select device driver "nvidia" with capabilities: [[gpu]]; install the NVIDIA Container Toolkit and restart the engine',
  ]);
  const label = [`registrar.synapsis.network/instance=${world.instance}`];
  expect(await world.engine.listContainers({ all: true, filters: { label } })).toEqual([]);
});

test('room is that of the disk of the engine', async () => {
  const { runtime } = await dockerWorld();
  const room = await runtime.room();
  expect(room?.freeBytes).toBeGreaterThan(0);
  expect(room?.totalBytes).toBeGreaterThan(room?.freeBytes ?? Infinity);
});

test('what an engine says that it should not is left out', async () => {
  const listed = [
    null,
    {},
    { Id: 1, Names: 'x', Ports: [null, {}, { PublicPort: 'x' }], Labels: 3 },
  ];
  const dockerHost = await fakeEngine((line, _request, response) => {
    if (line === 'GET /containers/json') return json(response, listed);
    json(response, line === 'GET /version' ? VERSION : {});
  });
  const runtime = createDockerRuntime({ dockerHost, instanceId: 'mine' });
  const owner = { instance: 'mine', module: 'web' };
  const found = await runtime.survey({ owner, template: aTemplate(), imageId: undefined });
  const nobody = { id: '', name: '', owner: undefined, ports: [], gpus: [] };
  expect(found).toMatchObject({ containers: [nobody, nobody, nobody], memoryBytes: 0 });
  expect(await runtime.room()).toBeUndefined();
});
