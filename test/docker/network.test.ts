import { describe, expect, onTestFinished, test } from 'vitest';
import { codeOf } from '../helpers/code-of.js';
import { dockerWorld } from '../helpers/docker-world.js';
import type { DockerWorld } from '../helpers/docker-world.js';

const networkOf = (world: DockerWorld): string => `registrar-${world.instance.slice(0, 8)}`;

const addressOf = async (world: DockerWorld, id: string): Promise<string> =>
  (await world.runtime.inspect(id))?.address ?? '';

describe('the network of an instance', () => {
  test('is labelled, keeps containers apart, and is reached from the host', async () => {
    const world = await dockerWorld();
    const server = await world.run({ command: ['httpd', '-f', '-p', '8080', '-h', '/www'] });
    const address = await addressOf(world, server);
    const { Labels, Options } = await world.engine.getNetwork(networkOf(world)).inspect();
    expect(Labels).toEqual({ 'registrar.synapsis.network/instance': world.instance });
    expect(Options).toEqual({ 'com.docker.network.bridge.enable_icc': 'false' });
    const ask = ['sh', '-c', `wget -T 2 -q -O - http://${address}:8080/ || echo apart`];
    const asker = await world.run({ command: ask }, { slot: 1 });
    await world.engine.getContainer(asker).wait();
    const log = await world.engine.getContainer(asker).logs({ stdout: true });
    expect(log.toString()).toMatch(/apart/);
    expect(await reachable(`http://${address}:8080/`)).toBe(200);
  });

  test('is made once for many containers at once', async () => {
    const world = await dockerWorld();
    await Promise.all([0, 1, 2, 3].map((slot) => world.make({}, { slot })));
    const filters = { label: [`registrar.synapsis.network/instance=${world.instance}`] };
    expect(await world.engine.listNetworks({ filters })).toHaveLength(1);
  });

  test('removed by hand while nothing runs, it is made again and a stopped container starts on it', async () => {
    const world = await dockerWorld();
    const id = await world.run();
    await world.runtime.stop(id, 0);
    await world.engine.getNetwork(networkOf(world)).remove();
    await world.runtime.start(id);
    expect(await addressOf(world, id)).toMatch(/^\d+\./);
  });

  test('removed by hand before a container was ever started, it is made again', async () => {
    const world = await dockerWorld();
    const id = await world.make();
    await world.engine.getNetwork(networkOf(world)).remove();
    await world.runtime.start(id);
    expect(await addressOf(world, id)).toMatch(/^\d+\./);
  });

  test('goes with the last container when tidied, and not before', async () => {
    const world = await dockerWorld();
    const id = await world.run();
    await world.runtime.tidy();
    expect(await addressOf(world, id)).not.toBe('');
    await world.runtime.remove(id);
    await world.runtime.tidy();
    const filters = { name: [networkOf(world)] };
    expect(await world.engine.listNetworks({ filters })).toEqual([]);
  });

  test('of somebody else with the same name is NAME_CONFLICT, and stays', async () => {
    const world = await dockerWorld();
    const foreign = await world.engine.createNetwork({
      Name: networkOf(world),
      CheckDuplicate: true,
    });
    onTestFinished(() => foreign.remove());
    expect(await codeOf(world.make())).toBe('NAME_CONFLICT');
    await world.runtime.tidy();
    expect(await foreign.inspect()).toMatchObject({ Name: networkOf(world) });
  });
});

async function reachable(url: string): Promise<number> {
  return (await fetch(url)).status;
}
