import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { EngineClient } from '../../src/docker/client.js';
import { pull } from '../../src/docker/pull.js';
import type { WorkTimes } from '../../src/docker/work-limits.js';
import { codeOf, messageOf } from '../helpers/code-of.js';
import { dockerWorld, unique } from '../helpers/docker-world.js';
import type { DockerWorld } from '../helpers/docker-world.js';
import { dockerHost } from '../helpers/engine.js';
import { CREDENTIALS, registryProblem, startRegistry } from '../helpers/image-registry.js';
import type { ImageRegistry } from '../helpers/image-registry.js';
import { registryProxy } from '../helpers/registry-proxy.js';
import { forgetImage, importImage } from '../helpers/test-image.js';

const NEVER = new AbortController().signal;
const quiet = (): void => undefined;

const problem = await registryProblem();

/** Pushes an image that is then not on the engine any more; resolves to its repository and digest. */
async function published(
  { engine }: DockerWorld,
  registry: ImageRegistry,
): Promise<{ repository: string; digest: string }> {
  const repository = unique('some/path');
  const image = await importImage(engine, 'USER 1234', { content: repository.repeat(5000) });
  const digest = await registry.push(engine, image, repository, '1');
  await forgetImage(engine, image);
  return { repository, digest };
}

describe.skipIf(problem !== undefined)(`a registry with a login ${problem ?? ''}`, () => {
  let registry: ImageRegistry;

  beforeAll(async () => {
    registry = await startRegistry({ login: true });
  });

  afterAll(() => registry.stop());

  test('gives an image to whom it admits', async () => {
    const world = await dockerWorld();
    const { repository, digest } = await published(world, registry);
    const reference = `${registry.address}/${repository}:1`;
    const image = await world.runtime.pullImage(reference, quiet, NEVER, CREDENTIALS);
    onTestFinished(() => forgetImage(world.engine, image.id));
    expect(image).toMatchObject({ digest, user: '1234' });
  });

  test.each([
    ['nobody', undefined],
    ['a wrong password', { username: 'ada', password: 'secret-Zq9' }],
    ['an unknown name', { username: 'eve-Zq9', password: CREDENTIALS.password }],
  ])('gives none to %s: IMAGE_NOT_FOUND, without what was tried', async (_, credentials) => {
    const world = await dockerWorld();
    const { repository } = await published(world, registry);
    const reference = `${registry.address}/${repository}:1`;
    const told: string[] = [];
    const tell = (line: string): void => void told.push(line);
    const pulled = world.runtime.pullImage(reference, tell, NEVER, credentials);
    expect(await codeOf(pulled)).toBe('IMAGE_NOT_FOUND');
    const error: unknown = await pulled.catch((reason: unknown) => reason);
    const shown = [String(error), JSON.stringify(error), inspect(error), ...told].join('\n');
    expect(shown).not.toMatch(/Zq9|horse/);
    expect(shown).not.toContain(Buffer.from(credentials?.password ?? 'x').toString('base64'));
    expect(await world.runtime.findImage(reference)).toBeUndefined();
  });
});

describe.skipIf(problem !== undefined)(`a way to the registry that is bad ${problem ?? ''}`, () => {
  let registry: ImageRegistry;

  beforeAll(async () => {
    registry = await startRegistry();
  });

  afterAll(() => registry.stop());

  const pulling = (reference: string, times: WorkTimes): Promise<void> =>
    pull(new EngineClient(dockerHost()), reference, quiet, NEVER, { times });

  test.each(['cut', 'stall'] as const)(
    '%s: given up, and well again with the way',
    async (mischief) => {
      const world = await dockerWorld();
      const { repository, digest } = await published(world, registry);
      const proxy = await registryProxy(registry.address);
      proxy.mischief = mischief;
      const reference = `${proxy.address}/${repository}:1`;
      const failed = pulling(reference, { silenceMs: 1500, totalMs: 60_000 });
      expect(await codeOf(failed)).toBe('IMAGE_PULL_FAILED');
      expect(await messageOf(failed)).toMatch(/there was no progress for 1\.5 s$/);
      expect(proxy.asked).toBeGreaterThan(0);
      expect(await world.runtime.findImage(reference)).toBeUndefined();
      proxy.mischief = 'none';
      const image = await world.runtime.pullImage(reference, quiet, NEVER);
      onTestFinished(() => forgetImage(world.engine, image.id));
      expect(image.digest).toBe(digest);
    },
  );

  test('one that changes bytes brings nothing', async () => {
    const world = await dockerWorld();
    const { repository } = await published(world, registry);
    const proxy = await registryProxy(registry.address);
    proxy.mischief = 'tamper';
    const reference = `${proxy.address}/${repository}:1`;
    expect(await codeOf(pulling(reference, { silenceMs: 5_000, totalMs: 60_000 }))).toBe(
      'IMAGE_PULL_FAILED',
    );
    expect(await world.runtime.findImage(reference)).toBeUndefined();
  });
});
