import { describe, expect, test } from 'vitest';
import { BuildMarks, extraHost } from '../../../src/docker/build/build-mark.js';
import { createDockerRuntime } from '../../../src/docker/docker-runtime.js';
import { INSTANCE_LABEL } from '../../../src/model/owner.js';
import { codeOf } from '../../helpers/code-of.js';
import { buildWorld, containerMarked, failure, remains } from '../../helpers/docker-builds.js';
import { outside } from '../../helpers/docker-world.js';
import { engineProxy } from '../../helpers/engine-proxy.js';
import { SAMPLE_IMAGE } from '../../helpers/engine.js';
import { importImage } from '../../helpers/test-image.js';

const NEVER = new AbortController().signal;
const quiet = (): void => undefined;
const MEGABYTE = 1024 ** 2;

/** Ends a build when a line fits. */
const abortAt =
  (abort: AbortController, wanted: RegExp) =>
  (line: string): void => {
    if (wanted.test(line)) abort.abort();
  };

const WRITE_MUCH =
  'RUN for i in $(seq 60); do dd if=/dev/zero of=/f$i bs=1M count=10; sleep 0.1; done';

const SETTINGS = [
  ...['ENV A="b c"', 'WORKDIR /w', 'EXPOSE 80/udp', 'VOLUME /state', 'STOPSIGNAL SIGINT'],
  ...['HEALTHCHECK --interval=7s CMD true', 'SHELL ["/bin/sh","-ec"]', 'ONBUILD RUN true'],
  ...['LABEL a="b c"', 'USER 10001:5', 'ENTRYPOINT ["sleep"]', 'CMD ["5"]'],
];

/** What an image says of how it runs; the labels beside, and where the engine names no default. */
const essence = (config: object): Record<string, unknown> => {
  const { Labels: _labels, Image: _image, Hostname: _host, ...rest } = config as Config;
  return { ...rest, Entrypoint: rest.Entrypoint ?? [], Cmd: rest.Cmd ?? [] };
};

interface Config {
  readonly Labels?: unknown;
  readonly Image?: unknown;
  readonly Hostname?: unknown;
  readonly Entrypoint?: unknown;
  readonly Cmd?: unknown;
}

describe('a bad build', () => {
  test.each([
    [
      'exits 3',
      ['RUN echo its last words; exit 3'],
      {},
      /^BUILD_FAILED: .*RUN echo its last words; exit 3": the command ended with exit code 3; it printed: its last words$/,
    ],
    [
      'has a syntax error',
      ['FOO bar'],
      {},
      /^BUILD_FAILED: .*: dockerfile parse error line 4: unknown instruction: FOO$/,
    ],
    [
      'copies what is not there',
      ['COPY nothing /x'],
      {},
      /^BUILD_FAILED: .*"Step 4\/4 : COPY nothing \/x": COPY failed: file not found in build context/,
    ],
    [
      'has no such base image',
      ['FROM 127.0.0.1:1/no/such:1'],
      {},
      /^BUILD_FAILED: .*127\.0\.0\.1:1/,
    ],
    [
      'never ends and says nothing',
      ['RUN sleep 1000'],
      { silenceMs: 1500 },
      /^BUILD_LIMIT: .*there was no progress for 1\.5 s$/,
    ],
    [
      'never ends and goes on talking',
      ['RUN while :; do echo x; sleep 0.1; done'],
      { totalMs: 2500 },
      /^BUILD_LIMIT: .*it was not done after 2\.5 s$/,
    ],
    [
      'writes one large file',
      ['RUN dd if=/dev/zero of=/big bs=1M count=30 2>&1'],
      { fileBytes: 20 * MEGABYTE },
      /^BUILD_FAILED: .*exit code (1|153)/,
    ],
    [
      'takes all memory',
      ['RUN tail /dev/zero'],
      { memoryBytes: 32 * MEGABYTE },
      /^BUILD_FAILED: .*exit code 137 \(killed, as for lack of memory\)$/,
    ],
    [
      'fills the disk in one step',
      [WRITE_MUCH],
      { diskBytes: 100 * MEGABYTE },
      /^BUILD_LIMIT: .*it added more than 104857600 bytes to the disk$/,
    ],
    [
      'fills the disk step by step',
      Array.from(
        { length: 9 },
        (_, i) => `RUN dd if=/dev/zero of=/f${i} bs=1M count=30; sleep 0.3`,
      ),
      { diskBytes: 100 * MEGABYTE },
      /^BUILD_LIMIT: .*it added more than 104857600 bytes to the disk$/,
    ],
  ])('that %s fails, says why, and leaves nothing', async (_, steps, limits, expected) => {
    const world = await buildWorld();
    expect(await failure(world, world.request(steps, limits))).toMatch(expected);
    expect(await remains(world)).toEqual([]);
  });

  test('that prints a million lines is cut short, in the log and in time', async () => {
    const world = await buildWorld();
    const request = world.request(['RUN yes a line that is printed again and again'], {
      logBytes: 20_000,
    });
    const lines: string[] = [];
    expect(await failure(world, request, (line) => lines.push(line))).toMatch(
      /^BUILD_LIMIT: .*it printed far too much$/,
    );
    expect(lines.join('\n').length).toBeLessThan(20_100);
    expect(lines.at(-1)).toBe('(output left out: it is too long)');
    expect(await remains(world)).toEqual([]);
  });

  test('that prints more than is kept may still succeed', async () => {
    const world = await buildWorld();
    const request = world.request(['RUN seq 20000'], { logBytes: 20_000 });
    const lines: string[] = [];
    await world.runtime.buildImage(request, (line) => lines.push(line), NEVER);
    expect(lines.join('\n').length).toBeLessThan(20_100);
  });

  test.each([
    ['in a step', ['RUN echo begun; sleep 100'], /^begun$/],
    ['between steps', ['RUN true', 'RUN sleep 100'], /^Step 5/],
    ['at its first word', ['RUN sleep 100'], /^Step 1/],
  ])('is gone from the engine when it is cancelled %s', async (_, steps, at) => {
    const world = await buildWorld();
    const abort = new AbortController();
    const ended = failure(world, world.request(steps), abortAt(abort, at), abort.signal);
    expect(await ended).toMatch(/^BUILD_FAILED: .*it was cancelled$/);
    expect(await remains(world)).toEqual([]);
  });

  test('is gone from the engine whenever it is cancelled', async () => {
    const world = await buildWorld();
    const steps = ['RUN true', 'ENV A=1', 'COPY page /page', 'RUN true', 'USER 1', 'RUN sleep 100'];
    for (let delayMs = 0; delayMs < 1500; delayMs += 150) {
      const abort = new AbortController();
      const ended = failure(world, world.request(steps), () => undefined, abort.signal);
      setTimeout(() => abort.abort(), delayMs);
      expect(await ended).toMatch(/^BUILD_FAILED: .*it was cancelled$/);
      expect(await remains(world)).toEqual([]);
    }
  });

  test('is not begun when it is cancelled before', async () => {
    const world = await buildWorld();
    const lines: string[] = [];
    const signal = AbortSignal.abort();
    const ended = await failure(world, world.request([]), (line) => lines.push(line), signal);
    expect([ended.slice(0, 13), lines]).toEqual(['BUILD_FAILED:', []]);
  });

  test('of an engine that goes away is ENGINE_UNAVAILABLE, and the engine ends it', async () => {
    const proxy = await engineProxy();
    const world = await buildWorld();
    const { instance } = world;
    const runtime = createDockerRuntime({ dockerHost: proxy.dockerHost, instanceId: instance });
    const cut = (line: string): void => void (line === 'begun' && void proxy.cut());
    const request = world.request(['RUN echo begun; sleep 100']);
    expect(await codeOf(runtime.buildImage(request, cut, NEVER))).toBe('ENGINE_UNAVAILABLE');
    await proxy.restore();
    await expect
      .poll(
        async () => {
          await runtime.tidy();
          return remains(world);
        },
        { timeout: 20_000 },
      )
      .toEqual([]);
  });
});

describe('a build', () => {
  test('of several stages leaves only its image, and is the same the next time', async () => {
    const world = await buildWorld();
    const stages = [
      'RUN mkdir /made && echo made > /made/how',
      `FROM ${SAMPLE_IMAGE}`,
      `ENV TOKEN=${world.token}`,
      'COPY --from=0 /made/how /how',
    ];
    const request = world.request(stages);
    const image = await world.runtime.buildImage(request, quiet, NEVER);
    const chain = await world.engine.getImage(image.id).history();
    expect(await remains(world)).toHaveLength(chain.length - 1);
    expect(await world.runtime.buildImage(request, quiet, NEVER)).toEqual(image);
    expect(await remains(world)).toHaveLength(chain.length - 1);
    expect(await world.runtime.removeImage(image.id)).toBe(true);
    expect(await remains(world)).toEqual([]);
  });

  test('of the same commit finds all its steps again', async () => {
    const world = await buildWorld();
    const request = world.request(['RUN date +%N > /when', 'COPY page /page', 'USER 1000']);
    const first = await world.runtime.buildImage(request, quiet, NEVER);
    const lines: string[] = [];
    const second = await world.runtime.buildImage(request, (line) => lines.push(line), NEVER);
    expect(second).toEqual(first);
    expect(lines.filter((line) => line === ' ---> Using cache').length).toBeGreaterThan(3);
  });

  test('at the same time as another one does not disturb it, also when that one fails', async () => {
    const world = await buildWorld();
    const common = ['RUN echo common > /common', 'RUN sleep 0.5'];
    const tags = ['a', 'b', 'c'].map((name) => `registrar-test/${world.token}:${name}`);
    const steps = [['COPY page /page'], ['RUN sleep 0.5'], ['RUN exit 1']];
    const ends = await Promise.allSettled(
      tags.map((tag, i) =>
        world.runtime.buildImage(
          { ...world.request([...common, ...(steps[i] ?? [])]), tag },
          quiet,
          NEVER,
        ),
      ),
    );
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    const listed = await world.runtime.listImages();
    expect(listed.flatMap(({ references }) => references).toSorted()).toEqual(tags.slice(0, 2));
    for (const { id } of listed) expect(await world.runtime.removeImage(id)).toBe(true);
    expect(await remains(world)).toEqual([]);
  });

  test('is limited in processor time, memory and size of files, and runs on no network of ours', async () => {
    const world = await buildWorld();
    const request = world.request(['RUN ulimit -f; echo begun; sleep 100'], {
      nanoCpus: 5e8,
      fileBytes: 10 * MEGABYTE,
    });
    const abort = new AbortController();
    const lines: string[] = [];
    const seen: object[] = [];
    const look = async (line: string): Promise<void> => {
      lines.push(line);
      if (line !== 'begun') return;
      const [id = ''] = (await remains(world)).map((one) => one.replace('container ', ''));
      const { HostConfig } = await world.engine.getContainer(id).inspect();
      seen.push(HostConfig);
      abort.abort();
    };
    await failure(world, request, (line) => void look(line), abort.signal);
    expect(lines).toContain(String((10 * MEGABYTE) / 512));
    expect(seen).toMatchObject([
      {
        Memory: 128 * MEGABYTE,
        MemorySwap: 128 * MEGABYTE,
        CpuPeriod: 100_000,
        CpuQuota: 50_000,
        NetworkMode: 'default',
        Privileged: false,
        Binds: null,
      },
    ]);
  });

  test('does not learn who builds it', async () => {
    const world = await buildWorld();
    const lines: string[] = [];
    const request = world.request(['RUN cat /etc/hosts; env; cat /proc/self/cgroup']);
    await world.runtime.buildImage(request, (line) => lines.push(line), NEVER);
    expect(lines.join('\n')).toMatch(/registrar\.invalid/);
    expect(lines.join('\n')).not.toContain(world.instance);
  });

  test.each([
    ['all settings', SETTINGS],
    ['a command alone', ['CMD ["sleep","5"]']],
    ['an entry point alone', ['ENTRYPOINT ["sleep"]']],
    ['neither', ['ENTRYPOINT []', 'CMD []']],
  ])('gives an image with %s nothing but labels', async (_, steps) => {
    const world = await buildWorld();
    const built = await world.runtime.buildImage(world.request(steps), quiet, NEVER);
    const { Parent, Config } = await world.engine.getImage(built.id).inspect();
    const { Config: before } = await world.engine.getImage(Parent).inspect();
    expect(Object.keys(Config.Labels)).toContain(INSTANCE_LABEL);
    expect(essence(Config)).toEqual(essence(before));
  });

  test('leaves out what .dockerignore says, the Dockerfile too', async () => {
    const world = await buildWorld();
    const files = {
      '.dockerignore': '*\n!src\n**/*.tmp',
      'src/a': '',
      'src/b.tmp': '',
      'lib/c': '',
    };
    const request = world.request(['COPY . /all', 'RUN cd /all && find . -type f'], {}, files);
    const lines: string[] = [];
    await world.runtime.buildImage(request, (line) => lines.push(line), NEVER);
    expect(lines.filter((line) => line.startsWith('./'))).toEqual(['./src/a']);
  });
});

describe('clean-up after builds', () => {
  test('touches no image that a step only names', async () => {
    const world = await buildWorld();
    const { engine } = world;
    const foreign = await importImage(engine, '', { token: world.token });
    const short = foreign.slice('sha256:'.length).slice(0, 12);
    await failure(world, world.request([`RUN echo ' ---> ${short}'; exit 1`]));
    expect((await engine.getImage(foreign).inspect()).Id).toBe(foreign);
  });

  test('tidy removes the containers of builds that nobody waits for, of this instance only', async () => {
    const world = await buildWorld();
    const { engine, runtime, instance } = world;
    const exists = (id: string): Promise<boolean> => outside(engine).exists(id);
    const marked = (id: string): Promise<string> =>
      containerMarked(engine, extraHost(new BuildMarks(id).begin()));
    const left = await marked(instance);
    const foreign = [
      await marked('another-instance'),
      await containerMarked(engine, 'db.example:10.0.0.1'),
      await outside(engine).addForeign(world.module),
    ];
    await runtime.tidy();
    expect(await exists(left)).toBe(false);
    expect(await Promise.all(foreign.map(exists))).toEqual([true, true, true]);
  });

  test('tidy leaves a build alone that goes on', async () => {
    const world = await buildWorld();
    let tidied = Promise.resolve();
    const tidy = (line: string): void => {
      if (line === 'begun') tidied = world.runtime.tidy();
    };
    await world.runtime.buildImage(world.request(['RUN echo begun; sleep 1']), tidy, NEVER);
    await tidied;
  });
});
