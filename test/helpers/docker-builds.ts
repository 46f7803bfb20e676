import type Docker from 'dockerode';
import { onTestFinished } from 'vitest';
import { BuildMarks } from '../../src/docker/build/build-mark.js';
import type { BuildLimits, BuildRequest } from '../../src/docker/runtime.js';
import { codeOf, messageOf } from './code-of.js';
import { commitArchive } from './commit-archive.js';
import { dockerWorld, unique } from './docker-world.js';
import type { DockerWorld } from './docker-world.js';
import { SAMPLE_IMAGE } from './engine.js';
import { aBuild } from './requests.js';

const NEVER = new AbortController().signal;

export interface BuildWorld extends DockerWorld {
  /** In every image that the world's builds make, however far they get. */
  readonly token: string;
  readonly tag: string;
  /** With the file `page`, which has the token in it, and others. */
  request(
    steps: readonly string[],
    limits?: Partial<BuildLimits>,
    files?: Readonly<Record<string, string>>,
  ): BuildRequest;
}

/** A world for builds of Dockerfiles that begin with the sample image, as root. */
export async function buildWorld(): Promise<BuildWorld> {
  const world = await dockerWorld();
  const token = unique('token');
  const tag = `registrar-test/${token}:1`;
  const request: BuildWorld['request'] = (steps, limits = {}, files = {}) => {
    const lines = [`FROM ${SAMPLE_IMAGE}`, `ENV TOKEN=${token}`, 'USER 0', ...steps];
    const archive = commitArchive({ Dockerfile: lines.join('\n'), page: token, ...files });
    return aBuild(archive, { tag, limits });
  };
  return { ...world, token, tag, request };
}

/** Code and message of a build that fails. */
export async function failure(
  { runtime }: DockerWorld,
  request: BuildRequest,
  onOutput: (line: string) => void = () => undefined,
  signal = NEVER,
): Promise<string> {
  const built = runtime.buildImage(request, onOutput, signal);
  return `${await codeOf(built)}: ${await messageOf(built)}`;
}

/** What is in the engine of the world's builds: its containers, and images with its token. */
export async function remains({ engine, instance, token }: BuildWorld): Promise<string[]> {
  const listed = await engine.listContainers({ all: true });
  const containers = await Promise.all(listed.map(({ Id }) => inspected(engine, Id)));
  const marks = new BuildMarks(instance);
  const ours = containers.filter((one) =>
    one?.HostConfig.ExtraHosts?.some((host: string) => marks.isLeft(host.split(':')[0] ?? '')),
  );
  const images = await engine.listImages({ all: true });
  const withToken = await Promise.all(images.map(({ Id }) => envOf(engine, Id)));
  return [
    ...ours.map((one) => `container ${one?.Id}`),
    ...withToken.flat().filter((variable) => variable === `TOKEN=${token}`),
  ];
}

const inspected = (engine: Docker, id: string): Promise<Docker.ContainerInspectInfo | undefined> =>
  engine
    .getContainer(id)
    .inspect()
    .catch(() => undefined);

/** None of one that is gone by now. */
const envOf = (engine: Docker, id: string): Promise<string[]> =>
  engine
    .getImage(id)
    .inspect()
    .then(
      ({ Config }) => Config.Env ?? [],
      () => [],
    );

/** A container of a build, made by hand; removed after the test. */
export async function containerMarked(engine: Docker, extraHost: string): Promise<string> {
  const made = await engine.createContainer({
    Image: SAMPLE_IMAGE,
    HostConfig: { ExtraHosts: [extraHost] },
  });
  onTestFinished(() => made.remove({ force: true }).catch(() => undefined));
  return made.id;
}
