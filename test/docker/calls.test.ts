import { expect, test } from 'vitest';
import { dockerWorld } from '../helpers/docker-world.js';
import type { DockerWorld } from '../helpers/docker-world.js';
import { engineProxy } from '../helpers/engine-proxy.js';
import type { EngineProxy } from '../helpers/engine-proxy.js';

const VOLUME = { name: 'state', mountPath: '/state', readOnly: false };

/** Requests that work makes, without version, ids and queries. */
async function requests(proxy: EngineProxy, work: () => Promise<unknown>): Promise<string[]> {
  const before = proxy.requests.length;
  await work();
  return proxy.requests.slice(before).map((line) =>
    line
      .replace(/\/v1\.\d+/, '')
      .replace(/\?.*/, '')
      .replace(/[0-9a-f]{64}/, 'ID'),
  );
}

/** A world in which one container was made, so that network, image and volume are known. */
async function settledWorld(): Promise<{ proxy: EngineProxy; world: DockerWorld }> {
  const proxy = await engineProxy();
  const world = await dockerWorld({ dockerHost: proxy.dockerHost });
  await world.make({ volumes: [VOLUME] });
  return { proxy, world };
}

test('a list is one call, however many containers there are', async () => {
  const { proxy, world } = await settledWorld();
  await world.make({}, { slot: 1 });
  const listed = await requests(proxy, () => world.runtime.list());
  expect(listed).toEqual(['GET /containers/json']);
});

test('create and start are one call each once network and image are known', async () => {
  const { proxy, world } = await settledWorld();
  const made = await requests(proxy, () => world.run({}, { slot: 1 }));
  expect(made).toEqual(['POST /containers/create', 'POST /containers/ID/start']);
});

test('a named volume that is known costs one look', async () => {
  const { proxy, world } = await settledWorld();
  const made = await requests(proxy, () => world.make({ volumes: [VOLUME] }, { slot: 1 }));
  const [look, ...rest] = made;
  expect(look).toMatch(/^GET \/volumes\/registrar-/);
  expect(rest).toEqual(['POST /containers/create']);
});

test('info asks for the version only, once the engine is known', async () => {
  const { proxy, world } = await settledWorld();
  await world.runtime.info();
  expect(await requests(proxy, () => world.runtime.info())).toEqual(['GET /version']);
});
