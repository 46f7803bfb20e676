import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { staticBusybox } from '../../bin/lib/busybox.js';
import type { Module } from '../../src/model/module.js';
import { ANY_REGISTRY, aSite } from '../helpers/daemon.js';
import { docker, dockerHost } from '../helpers/engine.js';
import { registryProblem, startRegistry } from '../helpers/image-registry.js';
import type { ImageRegistry } from '../helpers/image-registry.js';
import { conditionOf, nameOf } from '../helpers/live-modules.js';
import { loadedImage } from '../helpers/loaded-image.js';
import { rolloutsOf } from '../helpers/rollouts.js';
import type { Seen } from '../helpers/rollouts.js';
import { forgetImage } from '../helpers/test-image.js';

const problem = await registryProblem();

const site = aSite({ atEnd: afterAll });
const modules = rolloutsOf(site);
let registry: ImageRegistry;
let here: { architecture: string; program: Buffer };

const FOREIGN = 's390x';
/** Where a program for Linux says for which processor it is, and what it says for that one. */
const [MACHINE_AT, MACHINE] = [18, 22];

function foreignProgram(): Buffer {
  const program = Buffer.from(here.program);
  program.writeUInt16LE(MACHINE, MACHINE_AT);
  return program;
}

/** What is known of an image that only the registry has. */
interface Published {
  readonly id: string;
  readonly reference: string;
  readonly repository: string;
  readonly digest: string;
}

async function published(content: typeof here): Promise<Published> {
  const repository = nameOf('wrong');
  const id = await loadedImage(docker(), content);
  const digest = await registry.push(docker(), id, repository, '1');
  await forgetImage(docker(), id);
  return { id, repository, digest, reference: `${registry.address}/${repository}:1` };
}

const LIST = 'application/vnd.docker.distribution.manifest.list.v2+json';
const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';

async function manifestOf({ repository, digest }: Published): Promise<string> {
  const url = `http://${registry.address}/v2/${repository}/manifests/${digest}`;
  return (await fetch(url, { headers: { accept: MANIFEST } })).text();
}

/** Puts an image for some platforms, this one not among them, in the place of one. */
async function listed(image: Published): Promise<void> {
  const size = (await manifestOf(image)).length;
  const platform = { architecture: FOREIGN, os: 'linux' };
  const manifests = [{ mediaType: MANIFEST, digest: image.digest, size, platform }];
  const body = JSON.stringify({ schemaVersion: 2, mediaType: LIST, manifests });
  const url = `http://${registry.address}/v2/${image.repository}/manifests/1`;
  const { status } = await fetch(url, { method: 'PUT', body, headers: { 'content-type': LIST } });
  expect(status).toBe(201);
}

/** The file of the registry with the one layer of an image. */
async function layerFile(image: Published): Promise<string> {
  const { layers } = JSON.parse(await manifestOf(image)) as { layers: { digest: string }[] };
  return registry.fileOf(layers[0]?.digest ?? '');
}

async function changeByte(file: string): Promise<void> {
  const content = readFileSync(file);
  content.writeUInt8(content.readUInt8(content.length - 100) ^ 1, content.length - 100);
  writeFileSync(file, content);
}

interface Row {
  readonly title: string;
  readonly make: () => Promise<Published>;
  readonly reason: string;
  /** In the condition, an event, and what the command line prints. */
  readonly words: RegExp;
}

/** Publishes an image of this platform and spoils it. */
const spoilt = (spoil: (image: Published) => Promise<void>) => async (): Promise<Published> => {
  const image = await published(here);
  await spoil(image);
  return image;
};

const ROWS: readonly Row[] = [
  {
    title: 'with a layer that is cut off',
    make: spoilt(async (image) => truncateSync(await layerFile(image), 100_000)),
    ...{ reason: 'ImagePullFailed', words: /layer .*damaged in the registry.*push it again/ },
  },
  {
    title: 'with a layer that is another than its digest says',
    make: spoilt(async (image) => changeByte(await layerFile(image))),
    ...{ reason: 'ImagePullFailed', words: /layer .*damaged in the registry.*push it again/ },
  },
  {
    title: 'for another platform',
    make: () => published({ architecture: FOREIGN, program: foreignProgram() }),
    reason: 'VerificationFailed',
    words: /The image is for "linux\/s390x", the engine runs "linux\/\w+"/,
  },
  {
    title: 'for some platforms, this one not among them',
    ...{ make: spoilt(listed), reason: 'ImageNotFound', words: /no matching manifest for linux\// },
  },
];

const says = (module: Module, { reason, words }: Row): boolean => {
  const ready = conditionOf(module, 'Ready');
  return ready?.reason === reason && words.test(ready.message);
};

async function expectUntouched(name: string, before: readonly Seen[]): Promise<void> {
  expect(await modules.containers(name)).toEqual(before);
  const { status } = await modules.get(name);
  expect(status).toMatchObject({ phase: 'Degraded', readyReplicas: 1, restarts: 0 });
  expect(status.quarantined).toBeUndefined();
}

describe.skipIf(problem !== undefined)(`what ran before runs on untouched ${problem ?? ''}`, () => {
  beforeAll(async () => {
    registry = await startRegistry();
    site.declare('policy.yaml', ANY_REGISTRY);
    await site.start();
    const { Arch } = await docker().version();
    here = { architecture: Arch, program: await staticBusybox(dockerHost(), Arch) };
  });
  afterAll(() => registry.stop());

  it.concurrent.each(ROWS)('when the new image is one $title', async (row) => {
    const name = nameOf('wrong');
    const { containers } = await modules.running(name, {});
    const image = await row.make();
    await modules.change(name, { image: image.reference });
    await modules.until(name, `it says ${row.reason}`, (module) => says(module, row));
    await expectUntouched(name, containers);
    await modules.untilEvents(name, row.reason);
    const followed = await site.cli(['rollout', 'status', name, '--timeout', '2s']);
    expect(followed).toMatchObject({ code: 1, stdout: '' });
    expect(followed.stderr).toMatch(row.words);
    expect((await site.cli(['describe', name])).stdout).toMatch(row.words);
    await expectUntouched(name, containers);
    const receipts = await modules.receipts(name);
    expect(receipts.map(({ state }) => state)).toEqual(['Complete']);
    await forgetImage(docker(), image.id);
  });

  it('or runs again when it says nothing of the platform that its program is for', async () => {
    const name = nameOf('lies');
    const { revision, containers } = await modules.running(name, {});
    const image = await published({ ...here, program: foreignProgram() });
    const strategy = { minReadySeconds: 3 };
    await modules.change(name, { image: image.reference, command: ['/bin/sh'], strategy });
    const { status } = await modules.untilReason(name, 'RolledBack');
    expect(status).toMatchObject({ currentRevision: revision, rollout: { reason: 'Crashed' } });
    expect(await modules.containers(name)).toEqual(containers);
    const followed = await site.cli(['rollout', 'status', name, '--timeout', '2s']);
    expect(followed).toMatchObject({ code: 1, stdout: '' });
    expect(followed.stderr).toMatch(/exec format error/);
    await site.cli(['delete', 'module', name]);
    await forgetImage(docker(), image.id);
  });
});
