import { join } from 'node:path';
import { createClient } from '../../src/client/http.js';
import type { Client } from '../../src/client/http.js';
import type { List } from '../../src/client/modules.js';
import { patchObject } from '../../src/client/objects.js';
import { collectionPath, MODULES } from '../../src/client/resource.js';
import { ROLLOUT_KIND } from '../../src/kinds/rollout/definition.js';
import type { Rollout } from '../../src/kinds/rollout/schema.js';
import type { Module } from '../../src/model/module.js';
import { REVISION_LABEL } from '../../src/model/owner.js';
import type { Site } from './daemon.js';
import { docker } from './engine.js';
import { conditionOf, modulesOf } from './live-modules.js';
import type { Modules, SpecInput } from './live-modules.js';

/** A container of a module, as the engine has it. */
export interface Seen {
  readonly id: string;
  readonly state: string;
  readonly revision: string;
  readonly startedAt: string;
  readonly address: string;
}

/** Watches the rollouts of the modules of a running daemon. */
export interface Rollouts extends Modules {
  /** Brings up a module in its first revision, with what that comes to. */
  running(name: string, spec: SpecInput): Promise<{ revision: string; containers: Seen[] }>;
  /** Sets annotations; null takes one away. */
  annotate(name: string, annotations: Record<string, string | null>): Promise<Module>;
  /** The containers of a module, also stopped ones, oldest first. */
  containers(name: string): Promise<Seen[]>;
  /** The receipts of a module, oldest first. */
  receipts(name: string): Promise<Rollout['spec'][]>;
  /** Until Ready says why it is not, of the present generation. */
  untilReason(name: string, reason: string): Promise<Module>;
  /** Until the last rollout is in that state, and no other follows from the spec. */
  untilRollout(name: string, number: number, state: string): Promise<Module>;
}

export function rolloutsOf(site: Site): Rollouts {
  const modules = modulesOf(site);
  const client = clientOf(site);
  const containers = async (name: string): Promise<Seen[]> => {
    const ids = (await site.containers()).filter(({ module }) => module === name);
    const seen = await Promise.all(ids.map(({ id }) => see(id)));
    return seen.flatMap((one) => one ?? []).toSorted((a, b) => (a.created < b.created ? -1 : 1));
  };
  return {
    ...{ ...modules, containers },
    running: async (name, spec) => {
      await modules.create(name, spec);
      const { status } = await modules.untilReady(name);
      return { revision: status.currentRevision ?? '', containers: await containers(name) };
    },
    annotate: async (name, annotations) =>
      (await patchObject(client, MODULES, name, { metadata: { annotations } })) as never,
    receipts: async (name) => {
      const query = { fieldSelector: `spec.module=${name}` };
      const answer = await client.json({ path: collectionPath(ROLLOUT_KIND), query });
      const specs = (answer as List<Rollout>).items.map(({ spec }) => spec);
      return specs.toSorted((a, b) => a.number - b.number);
    },
    untilReason: (name, reason) =>
      modules.until(name, `it says ${reason}`, (module) => {
        const ready = conditionOf(module, 'Ready');
        return ready?.reason === reason && ready.observedGeneration === module.metadata.generation;
      }),
    untilRollout: (name, number, state) =>
      modules.until(name, `rollout ${number} is ${state}`, ({ status: { rollout } }) => {
        return rollout?.number === number && rollout.state === state;
      }),
  };
}

function clientOf({ dataDir }: Site): Client {
  const socketPath = join(dataDir, 'registrar.sock');
  const address = { url: `unix://${socketPath}`, target: { socketPath }, token: undefined };
  return createClient(address, () => undefined);
}

/** Undefined for one that went meanwhile. */
async function see(id: string): Promise<(Seen & { created: string }) | undefined> {
  const found = await docker()
    .getContainer(id)
    .inspect()
    .catch(() => undefined);
  if (found === undefined) return undefined;
  const { Created, Config, State, NetworkSettings } = found;
  const [network] = Object.values(NetworkSettings.Networks);
  return {
    ...{ id, created: Created, state: State.Status, startedAt: State.StartedAt },
    revision: Config.Labels[REVISION_LABEL] ?? '',
    address: network?.IPAddress ?? '',
  };
}
