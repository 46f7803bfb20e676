import { expect, onTestFinished, test, vi } from 'vitest';
import { createDockerRuntime } from '../../src/docker/docker-runtime.js';
import type { GateRequest } from '../../src/docker/runtime.js';
import { dockerWorld } from '../helpers/docker-world.js';
import type { DockerWorld } from '../helpers/docker-world.js';
import { dockerHost } from '../helpers/engine.js';
import { aTemplate } from '../helpers/requests.js';

const NEVER = new AbortController().signal;

const gate = (
  { module, imageId }: DockerWorld,
  script: string,
  more: Partial<GateRequest> = {},
): GateRequest => ({
  ...{ module, imageId, template: aTemplate(), secrets: new Map(), files: [], uses: [] },
  timeoutMs: 30_000,
  ...{ command: ['sh', '-c', script], ...more },
});

/** Containers of the gates of a world. */
const gatesIn = async ({ engine, instance }: DockerWorld): Promise<string[]> => {
  const label = [
    'registrar.synapsis.network/gate',
    `registrar.synapsis.network/instance=${instance}`,
  ];
  const found = await engine.listContainers({ all: true, filters: { label } });
  return found.map(({ Id }) => Id);
};

const isRunning = (world: DockerWorld) =>
  vi.waitFor(async () => expect(await gatesIn(world)).toHaveLength(1), { timeout: 20_000 });

test('has the environment with its secrets, a read-only root and folders in memory', async () => {
  const world = await dockerWorld();
  const env = [{ name: 'KEY', valueFrom: { secretKeyRef: { name: 'keys', key: 'api' } } }];
  const volumes = [{ name: 'state', mountPath: '/data', readOnly: false }];
  const script = 'touch /file 2>/dev/null || touch /data/file && echo "key $KEY"';
  const request = gate(world, script, {
    ...{ template: aTemplate({ env, volumes }), secrets: new Map([['KEY', 'value']]) },
  });
  const ran = await world.runtime.runGate(request, NEVER);
  expect(ran).toEqual({ exitCode: 0, oomKilled: false, log: 'key value\n' });
  const { Volumes } = await world.engine.listVolumes();
  expect(Volumes.filter(({ Name }) => Name.includes(world.module))).toEqual([]);
  expect(await gatesIn(world)).toEqual([]);
});

test('is ended when its time is up, and what it wrote is told', async () => {
  const world = await dockerWorld();
  const request = gate(world, 'echo begun; sleep 1000', { timeoutMs: 1_000 });
  const { exitCode, log } = await world.runtime.runGate(request, NEVER);
  expect([exitCode, log]).toEqual([undefined, 'begun\n']);
  expect(await gatesIn(world)).toEqual([]);
});

test('is seen as no container of the module while it runs, and is gone when it is called off', async () => {
  const world = await dockerWorld();
  const abort = new AbortController();
  const ran = world.runtime.runGate(gate(world, 'sleep 1000'), abort.signal).catch(() => 'ended');
  await isRunning(world);
  expect(await world.runtime.list()).toEqual([]);
  const [id = ''] = await gatesIn(world);
  expect(await world.runtime.inspect(id)).toBeUndefined();
  await world.runtime.removeLeftGates();
  expect(await gatesIn(world)).toEqual([id]);
  abort.abort();
  expect(await ran).toBe('ended');
  expect(await gatesIn(world)).toEqual([]);
});

test('is removed by the next process when its own died', async () => {
  const world = await dockerWorld();
  const instanceId = world.instance;
  const died = createDockerRuntime({ dockerHost: dockerHost(), instanceId });
  const ran = died.runGate(gate(world, 'sleep 1000'), NEVER).catch(() => 'ended');
  onTestFinished(() => ran.then(() => undefined));
  await isRunning(world);
  await world.runtime.removeLeftGates();
  expect(await gatesIn(world)).toEqual([]);
});
