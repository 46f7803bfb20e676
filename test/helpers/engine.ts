import { setTimeout as sleep } from 'node:timers/promises';
import Docker from 'dockerode';
import { INSTANCE_LABEL } from '../../src/model/owner.js';

/** A static busybox (sh, sleep, httpd, nc, …) with user 65532; see bin/lib/sample-image.js. */
export { SAMPLE_IMAGE } from '../../bin/lib/sample-image.js';

/** Address of the engine that the tests run on: `unix:///path` or `tcp://host:port`. */
export function dockerHost(): string {
  const host = process.env['DOCKER_HOST'];
  if (!host) throw new Error('DOCKER_HOST is not set: test/global-setup.ts should have done that');
  return host;
}

/** The engine from outside, to look at what Registrar made and to change it behind its back. */
export function docker(): Docker {
  const host = dockerHost();
  if (host.startsWith('unix://')) return new Docker({ socketPath: host.slice('unix://'.length) });
  const { hostname, port } = new URL(host);
  return new Docker({ host: hostname, port: Number(port), protocol: 'http' });
}

const gone = (error: unknown): boolean =>
  error instanceof Error && 'statusCode' in error && error.statusCode === 404;

async function ignoreGone(removal: Promise<unknown>): Promise<void> {
  await removal.catch((error: unknown) => {
    if (!gone(error)) throw error;
  });
}

/** Enough for what a daemon that was killed had asked for to be made. */
const ROUNDS = 40;

type Filters = Readonly<Record<string, string[]>>;

/** Whether all of them are gone, and their networks: not while the engine makes another one. */
async function removeContainers(engine: Docker, filters: Filters): Promise<boolean> {
  const containers = await engine.listContainers({ all: true, filters });
  await Promise.all(
    containers.map(({ Id }) =>
      ignoreGone(engine.getContainer(Id).remove({ force: true, v: true })),
    ),
  );
  const networks = await engine.listNetworks({ filters });
  const removals = networks.map(({ Id }) => ignoreGone(engine.getNetwork(Id).remove()));
  const ends = await Promise.allSettled(removals);
  return ends.every(({ status }) => status === 'fulfilled');
}

/** Removes all that a registrar made in the engine: its containers, networks, volumes and images. */
export async function removeInstance(instanceId: string): Promise<void> {
  const engine = docker();
  const filters = { label: [`${INSTANCE_LABEL}=${instanceId}`] };
  for (let round = 1; !(await removeContainers(engine, filters)); round += 1) {
    if (round === ROUNDS) throw new Error(`A network of ${instanceId} is in use`);
    await sleep(500);
  }
  const { Volumes } = await engine.listVolumes({ filters });
  await Promise.all(Volumes.map(({ Name }) => ignoreGone(engine.getVolume(Name).remove())));
  const images = await engine.listImages({ filters });
  for (const { Id } of images) await ignoreGone(engine.getImage(Id).remove({ force: true }));
}

/** Everything in the engine that any registrar made, as `kind name`. */
export async function ownedObjects(): Promise<string[]> {
  const engine = docker();
  const filters = { label: [INSTANCE_LABEL] };
  const containers = await engine.listContainers({ all: true, filters });
  const networks = await engine.listNetworks({ filters });
  const { Volumes } = await engine.listVolumes({ filters });
  const images = await engine.listImages({ filters });
  return [
    ...containers.map(({ Names, Id }) => `container ${Names[0] ?? Id}`),
    ...networks.map(({ Name }) => `network ${Name}`),
    ...Volumes.map(({ Name }) => `volume ${Name}`),
    ...images.map(({ Id, RepoTags }) => `image ${RepoTags?.[0] ?? Id}`),
  ];
}
