import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { EngineClient } from '../../src/docker/client.js';
import { pull } from '../../src/docker/pull.js';
import { codeOf, messageOf } from '../helpers/code-of.js';
import { dockerWorld, unique } from '../helpers/docker-world.js';
import type { DockerWorld } from '../helpers/docker-world.js';
import { engineProxy } from '../helpers/engine-proxy.js';
import { dockerHost } from '../helpers/engine.js';
import { VERSION, fakeEngine, json } from '../helpers/fake-engine.js';
import { registryProblem, startRegistry } from '../helpers/image-registry.js';
import type { ImageRegistry } from '../helpers/image-registry.js';
import { forgetImage, importImage } from '../helpers/test-image.js';

const NEVER = new AbortController().signal;
const quiet = (): void => undefined;

/** A host that takes connections and never says anything; `connected` resolves at the first. */
async function silentRegistry(): Promise<{ address: string; connected: Promise<void> }> {
  const server = createServer((socket) => socket.on('error', quiet));
  const connected = new Promise<void>((resolve) => server.once('connection', () => resolve()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, connected };
}

describe('pull without a registry', () => {
  test('a registry that refuses is IMAGE_PULL_FAILED, with its words', async () => {
    const { runtime } = await dockerWorld();
    const pulled = runtime.pullImage('127.0.0.1:1/some/thing:1', quiet, NEVER);
    expect(await messageOf(pulled)).toMatch(
      /^Cannot pull image "127\.0\.0\.1:1\/some\/thing:1": .*connection refused$/,
    );
    expect(await codeOf(runtime.pullImage('127.0.0.1:1/a:1', quiet, NEVER))).toBe(
      'IMAGE_PULL_FAILED',
    );
  });

  test.each(['library/UPPER', 'a b', '../../containers/json', '', 'name:tag@sha256:short', '-x'])(
    '"%s" is INVALID and does not reach the engine',
    async (reference) => {
      const { runtime } = await dockerWorld({ dockerHost: 'unix:///nonexistent' });
      expect(await codeOf(runtime.pullImage(reference, quiet, NEVER))).toBe('INVALID');
      expect(await codeOf(runtime.findImage(reference))).toBe('INVALID');
    },
  );

  test('a registry that says nothing is given up', async () => {
    const { address } = await silentRegistry();
    const client = new EngineClient(dockerHost());
    const times = { silenceMs: 300, totalMs: 60_000 };
    const message = await messageOf(pull(client, `${address}/a:1`, quiet, NEVER, { times }));
    expect(message).toMatch(/there was no progress for 0\.3 s$/);
    const total = { times: { silenceMs: 60_000, totalMs: 300 } };
    expect(await messageOf(pull(client, `${address}/a:1`, quiet, NEVER, total))).toMatch(
      /it was not done after 0\.3 s$/,
    );
  });

  test('an engine that goes on to say the same makes no progress', async () => {
    const host = await fakeEngine((line, _request, response) => {
      if (line === 'GET /version') return json(response, VERSION);
      response.writeHead(200);
      const step = { id: 'layer', status: 'Downloading', progress: '1/2' };
      const timer = setInterval(() => response.write(`${JSON.stringify(step)}\r\n`), 20);
      response.on('close', () => clearInterval(timer));
    });
    const times = { silenceMs: 300, totalMs: 5_000 };
    const message = await messageOf(pull(new EngineClient(host), 'a:1', quiet, NEVER, { times }));
    expect(message).toMatch(/there was no progress for 0\.3 s$/);
  });

  test('a pull ends when it is cancelled', async () => {
    const { address, connected } = await silentRegistry();
    const { runtime } = await dockerWorld();
    const abort = new AbortController();
    const pulled = messageOf(runtime.pullImage(`${address}/a:1`, quiet, abort.signal));
    await connected;
    abort.abort();
    expect(await pulled).toMatch(/it was cancelled$/);
    expect(await codeOf(runtime.pullImage(`${address}/a:1`, quiet, abort.signal))).toBe(
      'IMAGE_PULL_FAILED',
    );
  });

  test("an engine that goes away is not the registry's fault", async () => {
    const proxy = await engineProxy();
    const { address, connected } = await silentRegistry();
    const { runtime } = await dockerWorld({ dockerHost: proxy.dockerHost });
    const pulled = codeOf(runtime.pullImage(`${address}/a:1`, quiet, NEVER));
    await connected;
    await proxy.cut();
    expect(await pulled).toBe('ENGINE_UNAVAILABLE');
    await proxy.restore();
  });
});

const problem = await registryProblem();

describe.skipIf(problem !== undefined)(`pull from a registry ${problem ?? ''}`, () => {
  let registry: ImageRegistry;

  beforeAll(async () => {
    registry = await startRegistry();
  });

  afterAll(() => registry.stop());

  /** An image that is in the registry and not on the engine. */
  async function published(
    world: DockerWorld,
    repository: string,
    content: string,
  ): Promise<string> {
    const image = await importImage(world.engine, 'USER 1234', { content });
    return registry.push(world.engine, image, repository, '1');
  }

  const forget = (world: DockerWorld, id: string): void =>
    onTestFinished(() => forgetImage(world.engine, id));

  test('brings an image by tag, tells progress, and knows its digest', async () => {
    const world = await dockerWorld();
    const repository = unique('some/path');
    const reference = `${registry.address}/${repository}:1`;
    const digest = await published(world, repository, 'one');
    expect(await world.runtime.findImage(reference)).toBeUndefined();
    const told: string[] = [];
    const image = await world.runtime.pullImage(reference, (text) => told.push(text), NEVER);
    forget(world, image.id);
    expect(image).toMatchObject({ digest, user: '1234' });
    expect(await world.runtime.findImage(reference)).toEqual(image);
    expect(told.join('\n')).toMatch(/Pull complete|Download complete/);
  });

  test('a tag that moved brings another image; a digest brings the first again', async () => {
    const world = await dockerWorld();
    const repository = unique('moving');
    const reference = `${registry.address}/${repository}`;
    const first = await published(world, repository, 'one');
    const before = await world.runtime.pullImage(`${reference}:1`, quiet, NEVER);
    forget(world, before.id);
    const second = await published(world, repository, 'two');
    const after = await world.runtime.pullImage(`${reference}:1`, quiet, NEVER);
    forget(world, after.id);
    expect(after).toMatchObject({ digest: second });
    expect(after.id).not.toBe(before.id);
    await world.engine.getImage(before.id).remove({ force: true });
    const pinned = await world.runtime.pullImage(`${reference}:1@${first}`, quiet, NEVER);
    expect(pinned).toMatchObject({ id: before.id, digest: first });
  });

  test('what the registry does not have is IMAGE_NOT_FOUND', async () => {
    const world = await dockerWorld();
    const repository = unique('known');
    await published(world, repository, 'one');
    const { runtime } = world;
    const pullCode = (rest: string): Promise<string> =>
      codeOf(runtime.pullImage(`${registry.address}/${rest}`, quiet, NEVER));
    expect(await pullCode(`${repository}:2`)).toBe('IMAGE_NOT_FOUND');
    expect(await pullCode('never/made:1')).toBe('IMAGE_NOT_FOUND');
    expect(await pullCode(`${repository}@sha256:${'0'.repeat(64)}`)).toBe('IMAGE_NOT_FOUND');
  });
});
