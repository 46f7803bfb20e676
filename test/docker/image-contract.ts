import { describe, expect, test } from 'vitest';
import type { BuildRequest } from '../../src/docker/runtime.js';
import type { ImageDetails } from '../../src/model/container.js';
import { INSTANCE_LABEL } from '../../src/model/owner.js';
import { codeOf, messageOf } from '../helpers/code-of.js';
import { commitArchive } from '../helpers/commit-archive.js';
import { aBuild, aRequest } from '../helpers/requests.js';
import type { World } from './contract.js';

const NEVER = new AbortController().signal;
const quiet = (): void => undefined;

/** What every Runtime promises of images; see `runtimeContract`. */
export function imageContract(setup: () => Promise<World>): void {
  describe('images of a Runtime', () => {
    test('info tells what images the engine runs', async () => {
      const { runtime } = await setup();
      const { os, architecture } = await runtime.info();
      expect(os).toBe('linux');
      expect(architecture).toMatch(/^(amd64|arm64)$/);
    });

    test('imageDetails tells all that checks look at, for the image that findImage finds', async () => {
      const { runtime, image } = await setup();
      const facts = await runtime.findImage(image);
      const details = await runtime.imageDetails(image);
      expect(details).toMatchObject({ ...facts, os: 'linux', hasHealthCheck: false, labels: {} });
      expect(details?.bytes).toBeGreaterThan(0);
      expect(Date.parse(details?.createdAt ?? '')).not.toBeNaN();
      expect(await runtime.imageDetails('registrar-sample/never-made:1')).toBeUndefined();
    });

    test('a build makes an image of a folder of a commit, with tag, labels and settings', async () => {
      const world = await setup();
      const dockerfile = [
        ...[`FROM ${world.image}`, 'COPY page /page', 'USER 1234', 'ENV ONE=1', 'EXPOSE 8091'],
        ...['VOLUME /state', 'LABEL a=b', 'CMD ["sleep","5"]'],
      ].join('\n');
      const archive = commitArchive({ 'app/Dockerfile': dockerfile, 'app/page': 'x', other: 'y' });
      const lines: string[] = [];
      const request = { path: 'app', labels: { commit: 'c1' } };
      const image = await build(world, archive, request, (line) => lines.push(line));
      expect(image).toMatchObject({ user: '1234', exposedPorts: ['8091/tcp'], digest: undefined });
      expect(image).toMatchObject({ volumes: ['/state'], command: ['sleep', '5'] });
      expect(image.env).toContain('ONE=1');
      expect(image.labels).toEqual({ a: 'b', commit: 'c1', [INSTANCE_LABEL]: world.instance });
      expect(await world.runtime.imageDetails(tagIn(world))).toEqual(image);
      expect(lines[0]).toMatch(/^Step 1\/\d+ : FROM /);
    });

    test('the same commit is the same image, another one is not', async () => {
      const world = await setup();
      const files = { Dockerfile: `FROM ${world.image}\nCOPY page /page\n`, page: 'x' };
      const first = await build(world, commitArchive(files));
      expect((await build(world, commitArchive(files))).id).toBe(first.id);
      expect((await build(world, commitArchive({ ...files, page: 'y' }))).id).not.toBe(first.id);
    });

    test.each([
      ['path', { path: 'nowhere' }, 'has no folder "nowhere"'],
      ['Dockerfile', { dockerfile: 'Other' }, 'has no file "Other"'],
      ['path in it', { path: '../..' }, 'leads out of the repository'],
    ])('without such a %s it is BUILD_FAILED', async (_, overrides, words) => {
      const world = await setup();
      const archive = commitArchive({ Dockerfile: `FROM ${world.image}\n` });
      await expectFailure(world, build(world, archive, overrides), words);
    });

    test.each([
      ['RUN exit 3', 'exit code 3'],
      ['FOO bar', 'unknown instruction: FOO'],
      ['COPY nothing /x', 'COPY failed'],
      ['FROM registrar-sample/never-made:1', 'registrar-sample/never-made'],
      ['LABEL registrar.synapsis.network/slot=0', "Registrar's own"],
    ])('with "%s" it is BUILD_FAILED and there is no image', async (line, words) => {
      const world = await setup();
      await expectFailure(world, build(world, archiveWith(world, line)), words);
    });

    test('a build ends when it is cancelled', async () => {
      const world = await setup();
      const abort = new AbortController();
      const archive = archiveWith(world, 'RUN sleep 20');
      const stop = (line: string): void => void (line.includes('sleep') && abort.abort());
      const built = build(world, archive, {}, stop, abort.signal);
      await expectFailure(world, built, 'it was cancelled');
    });

    test('a build that says nothing for too long is BUILD_LIMIT', async () => {
      const world = await setup();
      const limits = { silenceMs: 1500 };
      const built = build(world, archiveWith(world, 'RUN sleep 1000'), { limits });
      expect(await codeOf(built)).toBe('BUILD_LIMIT');
      expect(await world.runtime.findImage(tagIn(world))).toBeUndefined();
    });

    test('a name without a tag is INVALID', async () => {
      const world = await setup();
      const archive = archiveWith(world, 'USER 1');
      expect(await codeOf(build(world, archive, { tag: 'a b' }))).toBe('INVALID');
      expect(await codeOf(build(world, archive, { tag: 'registrar-test/name' }))).toBe('INVALID');
    });

    test('listImages shows what the instance built, also without its tag', async () => {
      const world = await setup();
      const first = await build(world, archiveWith(world, 'ENV A=1'));
      const second = await build(world, archiveWith(world, 'ENV A=2'));
      const listed = await world.runtime.listImages();
      expect(new Map(listed.map(({ id, references }) => [id, references]))).toEqual(
        new Map([
          [first.id, []],
          [second.id, [tagIn(world)]],
        ]),
      );
      const { labels, bytes, createdAt } = second;
      expect(listed.find(({ id }) => id === second.id)).toMatchObject({ labels, bytes, createdAt });
      expect(await world.other.listImages()).toEqual([]);
    });

    test('removeImage takes away what nobody needs, of this instance only', async () => {
      const world = await setup();
      const { runtime, instance, module, other } = world;
      const { id } = await build(world, archiveWith(world, 'USER 1234'));
      const container = await runtime.create(aRequest(id, { instance, module }));
      expect(await runtime.removeImage(id)).toBe(false);
      expect((await runtime.findImage(tagIn(world)))?.id).toBe(id);
      expect(await runtime.listImages()).toMatchObject([{ id, isUsed: true }]);
      await runtime.remove(container);
      expect(await runtime.listImages()).toMatchObject([{ id, isUsed: false }]);
      expect(await other.removeImage(id)).toBe(false);
      const foreign = (await runtime.findImage(world.image))?.id ?? '';
      expect(await runtime.removeImage(foreign)).toBe(false);
      expect(await runtime.findImage(world.image)).toBeDefined();
      expect(await runtime.removeImage(id)).toBe(true);
      expect(await runtime.findImage(tagIn(world))).toBeUndefined();
      expect(await runtime.removeImage(id)).toBe(false);
    });
  });
}

const tagIn = ({ module }: World): string => `registrar-test/${module}:1`;

const archiveWith = ({ image }: World, line: string): string =>
  commitArchive({ Dockerfile: `FROM ${image}\n${line}\n` });

function build(
  world: World,
  archive: string,
  overrides: Parameters<typeof aBuild>[1] = {},
  onOutput: (line: string) => void = quiet,
  signal = NEVER,
): Promise<ImageDetails> {
  const request: BuildRequest = aBuild(archive, { tag: tagIn(world), ...overrides });
  return world.runtime.buildImage(request, onOutput, signal);
}

async function expectFailure(world: World, built: Promise<unknown>, words: string): Promise<void> {
  expect([await codeOf(built), await messageOf(built)]).toEqual([
    'BUILD_FAILED',
    expect.stringContaining(words),
  ]);
  expect(await world.runtime.findImage(tagIn(world))).toBeUndefined();
}
