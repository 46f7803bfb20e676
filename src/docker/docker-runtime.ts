import { silentLog } from '../lib/log.js';
import type { Log } from '../lib/log.js';
import { roomAt } from '../lib/room.js';
import type { ContainerSummary } from '../model/container.js';
import { DEFAULT_SECRETS_DIR } from '../model/data-files.js';
import { RegistrarError } from '../model/errors.js';
import { ImageBuilder } from './build/image-builder.js';
import { DEADLINES, EngineClient } from './client.js';
import type { Deadlines } from './client.js';
import { createContainer } from './create.js';
import { EngineAbout } from './engine-facts.js';
import { cleanText } from './errors.js';
import { followEvents } from './events.js';
import { execIn } from './exec.js';
import { fileTime } from './file-time.js';
import { HostPaths } from './host-path.js';
import { Images } from './images.js';
import { Gates } from './gates.js';
import * as lifecycle from './lifecycle.js';
import { containerLogs } from './logs.js';
import { InstanceNetwork } from './network.js';
import { ModuleNetworks } from './module-networks.js';
import { OwnedContainers } from './owned-containers.js';
import { OwnedImages } from './owned-images.js';
import { OwnedVolumes } from './owned-volumes.js';
import { pull } from './pull.js';
import { remoteDigest } from './remote-digest.js';
import { textOf } from './reply.js';
import type { Runtime } from './runtime.js';
import { KEPT_UP, setRestartPolicy } from './restart-policy.js';
import { Scratch } from './scratch.js';
import { SecretFiles } from './secret-files.js';
import { SecretWriter } from './secret-writer.js';
import { containerStats } from './stats.js';
import { survey } from './survey.js';
import { Volumes } from './volumes.js';

export interface DockerRuntimeOptions {
  /** `unix:///path` or `tcp://host:port`. */
  readonly dockerHost: string;
  readonly instanceId: string;
  readonly log?: Log;
  /** Folders of this host that no container may see, such as the data directory. */
  readonly protectedPaths?: readonly string[];
  /** Absolute path of a folder in memory for files of Secrets. */
  readonly secretsDir?: string;
  readonly deadlines?: Deadlines;
}

/** The Runtime on a Docker Engine. INVALID for a malformed host; connects when first asked. */
export function createDockerRuntime(options: DockerRuntimeOptions): Runtime {
  const { dockerHost, instanceId, log = silentLog, protectedPaths = [] } = options;
  const { secretsDir = DEFAULT_SECRETS_DIR } = options;
  const client = new EngineClient(dockerHost, options.deadlines ?? DEADLINES);
  const network = new InstanceNetwork(client, instanceId, log);
  const networks = new ModuleNetworks(client, instanceId);
  const about = new EngineAbout(client, log);
  const owned = new OwnedContainers(client, about, { instanceId, network: network.name });
  const scratch = new Scratch(client, instanceId);
  const images = new Images(client, scratch);
  const ownedImages = new OwnedImages(client, instanceId);
  const ownedVolumes = new OwnedVolumes(client, instanceId);
  const isLocal = dockerHost.startsWith('unix://');
  const dataFolder = async (): Promise<string | undefined> =>
    isLocal ? (await about.facts()).dataRoot : undefined;
  const builder = new ImageBuilder({ client, instanceId, images, dataFolder, log });
  const writer = new SecretWriter(client, scratch);
  const secretFiles = new SecretFiles({
    ...{ folder: secretsDir, instanceId, isLocal, about, writer, log },
  });
  const gates = new Gates({ client, instanceId, network, networks, images, secretFiles });
  const volumes = new Volumes(client, scratch);
  const hostPaths = new HostPaths(dockerHost, about, [...protectedPaths, secretsDir]);
  /** Made here and not started yet: they have the restart policy that they were made with. */
  const fresh = new Set<string>();
  const ours = <T>(id: string, act: (module: string) => Promise<T>): Promise<T> =>
    owned.moduleOf(id).then(act);

  const list = async (): Promise<ContainerSummary[]> => {
    const before = await secretFiles.present();
    const { summaries, sources } = await owned.list();
    await secretFiles.removeUnused(before, sources);
    return summaries;
  };
  /** Removes the files of what has just gone. What cannot be done now is done with the next list. */
  const sweep = async (): Promise<void> => {
    const present = await secretFiles.present().catch(() => []);
    if (present.length > 0) await list().catch(() => undefined);
  };

  return {
    info: async () => {
      const { Version, Os, Arch } = await client.ping();
      const { id: engineId } = await about.facts();
      const apiVersion = await client.version();
      const platform = { os: textOf(Os), architecture: textOf(Arch) };
      return { engineId, version: textOf(Version), apiVersion, ...platform };
    },
    list,
    inspect: async (id) => {
      const { container, sources = [] } = (await owned.inspect(id)) ?? {};
      if (container === undefined) return undefined;
      const areLost = await secretFiles.areLost(sources);
      return areLost ? { ...container, lostFiles: true } : container;
    },
    findImage: (reference) => images.find(reference),
    imageDetails: (reference) => images.details(reference),
    pullImage: async (reference, onProgress, signal, credentials) => {
      await pull(client, reference, onProgress, signal, { credentials });
      const image = await images.find(reference);
      if (image !== undefined) return image;
      const message = `Cannot find image "${cleanText(reference)}" after it was pulled`;
      throw new RegistrarError('IMAGE_PULL_FAILED', message);
    },
    remoteDigest: (reference, signal, credentials) =>
      remoteDigest(client, reference, signal, credentials),
    buildImage: (request, onOutput, signal) => builder.build(request, onOutput, signal),
    listImages: () => ownedImages.list(),
    removeImage: (id) => ownedImages.remove(id),
    listVolumes: () => ownedVolumes.list(),
    removeVolume: (name) => ownedVolumes.remove(name),
    survey: (request) =>
      survey(request, { client, about, scratch, volumes, hostPaths, secretFiles, isLocal }),
    room: async () => roomAt(await dataFolder()),
    create: async (request) => {
      const id = await createContainer(request, {
        ...{ client, network, images, volumes, hostPaths, secretFiles },
      });
      owned.created(id, request.owner.module);
      fresh.add(id);
      for (const module of request.uses) await networks.of(module).join(id, false);
      return id;
    },
    start: (id) =>
      ours(id, async () => {
        if (!fresh.delete(id)) await setRestartPolicy(id, KEPT_UP, client);
        await lifecycle.startContainer(id, client, { own: network, modules: networks });
      }),
    stop: (id, graceSeconds) => ours(id, () => lifecycle.stopContainer(id, graceSeconds, client)),
    remove: async (id) => {
      fresh.delete(id);
      await ours(id, () => lifecycle.removeContainer(id, client));
      await sweep();
    },
    connect: (id) => ours(id, () => network.join(id)),
    join: (id, module, isNamed) => ours(id, () => networks.of(module).join(id, isNamed)),
    leave: (id, module) => ours(id, () => networks.of(module).leave(id)),
    rename: (id, name) => ours(id, () => lifecycle.renameContainer(id, name, client)),
    unpause: (id) => ours(id, () => lifecycle.unpauseContainer(id, client)),
    updateLimits: (id, limits) => ours(id, () => lifecycle.updateLimits(id, limits, client)),
    logs: async (id, logOptions) => {
      await owned.moduleOf(id);
      const inspected = await owned.inspect(id);
      return containerLogs(id, inspected?.hasTerminal === true, logOptions, client);
    },
    fileTime: (id, path) => ours(id, () => fileTime(id, path, client)),
    stats: (id) => ours(id, () => containerStats(id, client)),
    exec: (id, request) => ours(id, () => execIn(id, request, client)),
    runGate: (request, signal) => gates.run(request, signal),
    removeLeftGates: () => gates.removeLeftovers(),
    events: (signal) => followEvents(client, instanceId, signal),
    tidy: async () => {
      await scratch.removeLeftovers();
      await gates.removeLeftovers();
      await builder.removeLeftovers();
      await networks.removeUnused();
      if ((await list()).length === 0) await network.remove();
    },
  };
}
