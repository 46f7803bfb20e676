import { silentLog } from '../lib/log.js';
import type { Log } from '../lib/log.js';
import { RegistrarError } from '../model/errors.js';
import { DEADLINES, EngineClient } from './client.js';
import type { Deadlines } from './client.js';
import { createContainer } from './create.js';
import { EngineAbout } from './engine-facts.js';
import { cleanText } from './errors.js';
import { followEvents } from './events.js';
import { execIn } from './exec.js';
import { HostPaths } from './host-path.js';
import { Images } from './images.js';
import * as lifecycle from './lifecycle.js';
import { containerLogs } from './logs.js';
import { InstanceNetwork } from './network.js';
import { OwnedContainers } from './owned-containers.js';
import { pull } from './pull.js';
import { textOf } from './reply.js';
import type { Runtime } from './runtime.js';
import { Scratch } from './scratch.js';
import { containerStats } from './stats.js';
import { Volumes } from './volumes.js';

export interface DockerRuntimeOptions {
  /** `unix:///path` or `tcp://host:port`. */
  readonly dockerHost: string;
  readonly instanceId: string;
  readonly log?: Log;
  /** Folders of this host that no container may see, such as the data directory. */
  readonly protectedPaths?: readonly string[];
  readonly deadlines?: Deadlines;
}

/** The Runtime on a Docker Engine. INVALID for a malformed host; connects when first asked. */
export function createDockerRuntime(options: DockerRuntimeOptions): Runtime {
  const { dockerHost, instanceId, log = silentLog, protectedPaths = [] } = options;
  const client = new EngineClient(dockerHost, options.deadlines ?? DEADLINES);
  const network = new InstanceNetwork(client, instanceId, log);
  const about = new EngineAbout(client, log);
  const owned = new OwnedContainers(client, about, { instanceId, network: network.name });
  const scratch = new Scratch(client, instanceId);
  const images = new Images(client, scratch);
  const volumes = new Volumes(client, scratch);
  const hostPaths = new HostPaths(dockerHost, about, protectedPaths);
  const ours = <T>(id: string, act: (module: string) => Promise<T>): Promise<T> =>
    owned.moduleOf(id).then(act);

  return {
    info: async () => {
      const { Version } = await client.ping();
      const { id: engineId } = await about.facts();
      return { engineId, version: textOf(Version), apiVersion: await client.version() };
    },
    list: () => owned.list(),
    inspect: async (id) => (await owned.inspect(id))?.container,
    findImage: (reference) => images.find(reference),
    pullImage: async (reference, onProgress, signal) => {
      await pull(client, reference, onProgress, signal);
      const image = await images.find(reference);
      if (image !== undefined) return image;
      const message = `Cannot find image "${cleanText(reference)}" after it was pulled`;
      throw new RegistrarError('IMAGE_PULL_FAILED', message);
    },
    create: async (request) => {
      const id = await createContainer(request, { client, network, images, volumes, hostPaths });
      owned.created(id, request.owner.module);
      return id;
    },
    start: (id) => ours(id, (module) => lifecycle.startContainer(id, module, client, network)),
    stop: (id, graceSeconds) => ours(id, () => lifecycle.stopContainer(id, graceSeconds, client)),
    remove: (id) => ours(id, () => lifecycle.removeContainer(id, client)),
    connect: (id) => ours(id, (module) => network.join(id, module)),
    rename: (id, name) => ours(id, () => lifecycle.renameContainer(id, name, client)),
    unpause: (id) => ours(id, () => lifecycle.unpauseContainer(id, client)),
    updateLimits: (id, limits) => ours(id, () => lifecycle.updateLimits(id, limits, client)),
    logs: async (id, logOptions) => {
      await owned.moduleOf(id);
      const inspected = await owned.inspect(id);
      return containerLogs(id, inspected?.hasTerminal === true, logOptions, client);
    },
    stats: (id) => ours(id, () => containerStats(id, client)),
    exec: (id, request) => ours(id, () => execIn(id, request, client)),
    events: (signal) => followEvents(client, instanceId, signal),
    tidy: async () => {
      await scratch.removeLeftovers();
      if ((await owned.list()).length === 0) await network.remove();
    },
  };
}
