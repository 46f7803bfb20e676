import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { afterAll, expect, it } from 'vitest';
import type { Client } from '../../src/client/http.js';
import { MODULES } from '../../src/client/resource.js';
import { POLICY as POLICIES } from '../../src/model/kinds.js';
import { createObject, patchObject } from '../../src/client/objects.js';
import { getModule } from '../../src/client/modules.js';
import { SLEEP } from '../helpers/bare.js';
import { follow, startBench } from '../helpers/bench-site.js';
import { docker, dockerHost, SAMPLE_IMAGE } from '../helpers/engine.js';
import { median, ms, printFigures, ratio, timed } from '../helpers/figures.js';
import { temporaryFolder } from '../helpers/git-repository.js';
import type { Files, TestRepository } from '../helpers/git-repository.js';
import { goodFiles, goodRepository } from '../helpers/module-repository.js';
import { preparationParts } from '../helpers/preparation-parts.js';
import { isReady, startLoop } from '../helpers/loop.js';
import { API_VERSION } from '../../src/model/names.js';

const FILES = 200;
const FILE_BYTES = 4096;
const ROUNDS = 7;
const BAR = 1.3;
const WARM_BAR_MS = 5;

const POLICY = {
  ...{ apiVersion: API_VERSION, kind: 'Policy', metadata: { name: 'local' } },
  spec: {
    checks: [{ id: 'manifest/repository-scheme', parameters: { schemes: ['file'] } }],
  },
};

/** A module of two hundred files, other ones each time, so that no step is cached. */
const newFiles = (): Files => ({
  ...goodFiles(SAMPLE_IMAGE),
  Dockerfile: `FROM ${SAMPLE_IMAGE}\nCOPY . /module\nUSER 10001\nCMD ["sleep","3600"]\n`,
  ...Object.fromEntries(
    Array.from({ length: FILES }, (_, index) => [
      `src/part-${index}.txt`,
      `${randomBytes(FILE_BYTES / 2).toString('hex')}\n`,
    ]),
  ),
});

it('fetches, verifies and builds a module, against bare git fetch and docker build', async () => {
  const { client } = await startBench();
  await createObject(client, POLICIES, POLICY, { dryRun: false });
  const { repository } = goodRepository(SAMPLE_IMAGE);
  const rounds: { bare: number; registrar: number }[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    repository.commit(newFiles());
    const bare = await timed(() => fetchAndBuild(repository));
    // Other files: the engine would have each step of the same ones in its cache.
    repository.commit(newFiles());
    const registrar = await timed(() => deploy(client, repository, round));
    await settled(client);
    // The first round warms up.
    if (round > 0) rounds.push({ bare, registrar });
  }
  printFigures(
    `A module of ${FILES} files, from its commit to its image, median of ${ROUNDS} rounds`,
    [
      ['', 'time', 'against bare', 'bar'],
      ['git fetch and docker build', ms(median(rounds.map(({ bare }) => bare))), '', ''],
      [
        'registrar: fetch, verify, build, record',
        ms(median(rounds.map(({ registrar }) => registrar))),
        ratio(median(rounds.map((one) => one.registrar / one.bare))),
        ratio(BAR),
      ],
    ],
  );
  expect(rounds).toHaveLength(ROUNDS);
});

/** The two commands that somebody would type, into a new folder. */
async function fetchAndBuild({ url }: TestRepository): Promise<void> {
  const folder = temporaryFolder('bare');
  const git = (...args: string[]): Buffer => execFileSync('git', ['-C', folder, ...args]);
  git('init', '-q');
  git('fetch', '-q', '--depth=1', url, 'main');
  git('checkout', '-q', 'FETCH_HEAD');
  rmSync(join(folder, '.git'), { recursive: true });
  const env = { ...process.env, DOCKER_HOST: dockerHost(), DOCKER_BUILDKIT: '0' };
  const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore'];
  const build = spawn('docker', ['build', '-q', folder], { env, stdio });
  const [printed, [code]] = await Promise.all([
    text(build.stdout),
    once(build, 'exit') as Promise<[number]>,
  ]);
  expect(code).toBe(0);
  bareImages.push(printed.trim());
}

const bareImages: string[] = [];

afterAll(async () => {
  for (const id of bareImages) await docker().getImage(id).remove();
});

/** The rollout is not what is measured. */
async function settled(client: Client): Promise<void> {
  while (!isReady(await getModule(client, 'built'))) await sleep(50);
}

/** A version of a module that takes the newest commit; resolves when its image is there. */
async function deploy(client: Client, { url }: TestRepository, round: number): Promise<void> {
  const spec = { version: `1.0.${round}`, image: '', source: { repoUrl: url, branch: 'main' } };
  const built = follow(client, new Set(['built']), (_type, { status }) => {
    const commit = status.source?.commit.slice(0, 12) ?? '';
    const isThere = status.source?.version === spec.version && status.imageId !== undefined;
    return isThere && status.imageReference?.includes(commit) === true;
  });
  await change(client, spec, round === 0);
  await built;
}

async function change(client: Client, spec: object, isNew: boolean): Promise<void> {
  if (!isNew) {
    await patchObject(client, MODULES, 'built', { spec }, { dryRun: false });
    return;
  }
  const about = { type: 'miner', license: 'MIT', command: SLEEP };
  const module = {
    ...{ apiVersion: API_VERSION, kind: 'Module', metadata: { name: 'built' } },
    spec: { ...about, ...spec },
  };
  await createObject(client, MODULES, module, { dryRun: false });
}

it('looks again at a built module where nothing changed', async () => {
  const passes: number[] = [];
  const measure = (_outcome: string, milliseconds: number): void => void passes.push(milliseconds);
  const loop = await startLoop({
    options: { ...preparationParts(temporaryFolder('warm')), measure },
  });
  const { repository } = goodRepository('sample:1');
  await loop.registry.create('Policy', {
    ...POLICY,
    kind: 'Policy',
    apiVersion: API_VERSION,
    spec: { description: '', priority: 0, selector: {}, signers: [], ...POLICY.spec },
  });
  await loop.apply('web', {
    image: '',
    source: {
      repoUrl: repository.url,
      branch: 'main',
      commit: '',
      path: '.',
      dockerfile: 'Dockerfile',
    },
  });
  for (let step = 0; step < 500 && !isReady(loop.module('web')); step += 1) {
    await loop.advance(100);
    await sleep(20);
  }
  await loop.advance(60_000);
  const calls = loop.runtime.calls.length;
  const times: number[] = [];
  for (let round = 0; round < 200; round += 1) {
    const began = performance.now();
    loop.controller.enqueue(['web']);
    while (passes.length === 0) await new Promise((resolve) => setImmediate(resolve));
    times.push(performance.now() - began);
    passes.length = 0;
  }
  expect(loop.runtime.calls.length).toBe(calls);
  printFigures('A pass over a built module where nothing changed, of 200', [
    ['', 'time', 'bar'],
    ['median', `${median(times).toFixed(2)} ms`, `${WARM_BAR_MS} ms`],
    ['longest', `${Math.max(...times).toFixed(2)} ms`, ''],
  ]);
});
