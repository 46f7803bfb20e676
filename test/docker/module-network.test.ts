import { expect, onTestFinished, test } from 'vitest';
import { codeOf } from '../helpers/code-of.js';
import { dockerWorld } from '../helpers/docker-world.js';
import type { DockerWorld } from '../helpers/docker-world.js';

const networkOf = ({ instance, module }: DockerWorld): string =>
  `registrar-${instance.slice(0, 8)}_${module}`;

/** How a container is on the network of its module. */
async function placeOf(world: DockerWorld, id: string) {
  const { NetworkSettings } = await world.engine.getContainer(id).inspect();
  return NetworkSettings.Networks[networkOf(world)];
}

const networks = (world: DockerWorld) => {
  const label = [`registrar.synapsis.network/instance=${world.instance}`];
  return world.engine.listNetworks({ filters: { label } });
};

test('leads nowhere else, is labelled, and has a subnet of its own', async () => {
  const world = await dockerWorld();
  await world.runtime.join(await world.run(), world.module, true);
  const found = await world.engine.getNetwork(networkOf(world)).inspect();
  expect(found.Internal).toBe(true);
  expect(found.Labels).toEqual({
    'registrar.synapsis.network/instance': world.instance,
    'registrar.synapsis.network/module': world.module,
  });
  expect(found.IPAM?.Config?.[0]?.Subnet).toMatch(/^198\.1[89]\.\d+\.0\/24$/);
});

test('keeps the address of a container whose name comes and goes', async () => {
  const world = await dockerWorld();
  const id = await world.run();
  await world.runtime.join(id, world.module, true);
  const first = await placeOf(world, id);
  expect(first?.Aliases).toContain(world.module);
  await world.runtime.join(id, world.module, false);
  const second = await placeOf(world, id);
  expect(second?.Aliases).not.toContain(world.module);
  expect(second?.IPAddress).toBe(first?.IPAddress);
  expect(second?.IPAddress).toMatch(/^198\./);
});

test('whose subnet somebody has gets another one', async () => {
  const world = await dockerWorld();
  const id = await world.run();
  await world.runtime.join(id, world.module, true);
  const { IPAM } = await world.engine.getNetwork(networkOf(world)).inspect();
  await world.runtime.leave(id, world.module);
  await world.runtime.tidy();
  const taken = await world.engine.createNetwork({
    Name: `taken-${world.module}`,
    IPAM: { Driver: 'default', Config: IPAM?.Config ?? [] },
  });
  onTestFinished(() => taken.remove());
  await world.runtime.join(id, world.module, true);
  expect((await placeOf(world, id))?.IPAddress).toMatch(/^198\.1[89]\./);
});

test('removed by hand is made again, and a container starts without it', async () => {
  const world = await dockerWorld();
  const id = await world.run();
  await world.runtime.join(id, world.module, true);
  await world.runtime.stop(id, 0);
  await world.engine.getNetwork(networkOf(world)).remove();
  await world.runtime.start(id);
  expect(await placeOf(world, id)).toBeUndefined();
  await world.runtime.join(id, world.module, true);
  expect((await placeOf(world, id))?.Aliases).toContain(world.module);
});

test('goes when no container is on it, and not before', async () => {
  const world = await dockerWorld();
  const id = await world.run();
  await world.runtime.join(id, world.module, true);
  await world.runtime.stop(id, 0);
  await world.runtime.tidy();
  expect(await networks(world)).toHaveLength(2);
  await world.runtime.leave(id, world.module);
  await world.runtime.tidy();
  expect(await networks(world)).toHaveLength(1);
});

test('of somebody else with the same name is NAME_CONFLICT, and stays', async () => {
  const world = await dockerWorld();
  const id = await world.run();
  const foreign = await world.engine.createNetwork({ Name: networkOf(world) });
  onTestFinished(() => foreign.remove());
  expect(await codeOf(world.runtime.join(id, world.module, true))).toBe('NAME_CONFLICT');
  await world.runtime.tidy();
  expect(await foreign.inspect()).toMatchObject({ Name: networkOf(world) });
});

test('starts a container whose address another one has by now', async () => {
  const world = await dockerWorld();
  const [first, second] = [await world.run(), await world.run({}, { slot: 1 })];
  await world.runtime.join(first, world.module, true);
  await world.runtime.join(first, world.module, false);
  const address = (await placeOf(world, first))?.IPAddress ?? '';
  await world.runtime.stop(first, 0);
  await world.engine.getNetwork(networkOf(world)).connect({
    Container: second,
    EndpointConfig: { IPAMConfig: { IPv4Address: address } },
  });
  await world.runtime.start(first);
  expect(await world.runtime.inspect(first)).toMatchObject({ state: 'running' });
  await world.runtime.join(first, world.module, true);
  const place = await placeOf(world, first);
  expect(place?.Aliases).toContain(world.module);
  expect(place?.IPAddress).not.toBe(address);
});
