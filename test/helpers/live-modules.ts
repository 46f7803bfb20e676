import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '../../src/client/http.js';
import { createObject, patchObject } from '../../src/client/objects.js';
import { MODULES } from '../../src/client/resource.js';
import { getModule, listEvents } from '../../src/client/modules.js';
import { findCondition } from '../../src/model/conditions.js';
import type { Condition } from '../../src/model/condition.js';
import type { ConditionType } from '../../src/model/conditions.js';
import { isRegistrarError } from '../../src/model/errors.js';
import type { Module, ModuleSpec } from '../../src/model/module.js';
import { API_VERSION } from '../../src/model/names.js';
import { eventually } from './daemon.js';
import type { Site } from './daemon.js';
import { docker, SAMPLE_IMAGE } from './engine.js';

/** What a spec may be before defaults. */
export type SpecInput = { [K in keyof ModuleSpec]?: unknown };

/** A name that no other test on the engine has. */
export const nameOf = (word: string): string => `${word}-${randomBytes(4).toString('hex')}`;

/** A manifest as data. The sample image waits for ever and ends when asked to. */
export const manifestOf = (name: string, spec: SpecInput = {}): Record<string, unknown> => ({
  ...{ apiVersion: API_VERSION, kind: 'Module', metadata: { name } },
  spec: {
    version: '1.0.0',
    type: 'miner',
    license: 'MIT',
    image: SAMPLE_IMAGE,
    strategy: { minReadySeconds: 0 },
    ...spec,
  },
});

/**
 * Ends soon after it starts, and never counts before it does: a container that is seen in between
 * would count at once by the strategy of the others.
 */
export const ending = (script: string): SpecInput => ({
  command: ['sh', '-c', script],
  strategy: { minReadySeconds: 3 },
});

export const conditionOf = ({ status }: Module, type: ConditionType): Condition | undefined =>
  findCondition(status.conditions, type);

/** Looks at and changes the modules of a running daemon, through its API. */
export interface Modules {
  create(name: string, spec?: SpecInput): Promise<Module>;
  /** Merges into the spec. */
  change(name: string, spec: SpecInput): Promise<Module>;
  /** NOT_FOUND when there is none. */
  get(name: string): Promise<Module>;
  find(name: string): Promise<Module | undefined>;
  /** Polls until there are events of the module with these reasons. */
  untilEvents(name: string, ...reasons: readonly string[]): Promise<void>;
  /** Polls, for less than a test may take, until the module is there and as wanted. */
  until(name: string, what: string, holds: (module: Module) => boolean): Promise<Module>;
  untilReady(name: string): Promise<Module>;
}

/** The modules of a site's daemon, over its socket. */
export function modulesOf({ dataDir }: Site): Modules {
  const socketPath = join(dataDir, 'registrar.sock');
  const address = { url: `unix://${socketPath}`, target: { socketPath }, token: undefined };
  const client = createClient(address, () => undefined);
  const get = (name: string): Promise<Module> => getModule(client, name);
  const find = (name: string): Promise<Module | undefined> =>
    get(name).catch((error: unknown) => {
      if (isRegistrarError(error, 'NOT_FOUND')) return undefined;
      throw error;
    });
  const until: Modules['until'] = async (name, what, holds) => {
    let seen: Module | undefined;
    for (let tries = 0; tries < 900; tries += 1) {
      seen = await find(name);
      if (seen !== undefined && holds(seen)) return seen;
      await sleep(100);
    }
    throw new Error(`Never came to pass: ${what}; ${name} is ${JSON.stringify(seen?.status)}`);
  };
  return {
    get,
    find,
    until,
    create: async (name, spec) => {
      const created = await createObject(client, MODULES, manifestOf(name, spec));
      return created as typeof created & Module;
    },
    change: async (name, spec) => {
      const changed = await patchObject(client, MODULES, name, { spec });
      return changed as typeof changed & Module;
    },
    untilEvents: async (name, ...reasons) => {
      const fieldSelector = `involvedObject.name=${name}`;
      await eventually(
        async () => {
          const seen = (await listEvents(client, { fieldSelector })).items.map(
            ({ reason }) => reason,
          );
          return reasons.every((reason) => seen.includes(reason));
        },
        `${name} has events ${reasons.join(', ')}`,
      );
    },
    untilReady: (name) =>
      until(
        name,
        'it is Ready',
        (module) =>
          conditionOf(module, 'Ready')?.status === 'True' &&
          module.status.observedGeneration === module.metadata.generation,
      ),
  };
}

/** What stays the same for as long as a container is left alone. */
export interface Life {
  readonly id: string;
  readonly name: string;
  readonly pid: number;
  readonly startedAt: string;
}

export async function lifeOf(id: string): Promise<Life> {
  const { Id, Name, State } = await docker().getContainer(id).inspect();
  return { id: Id, name: Name.slice(1), pid: State.Pid, startedAt: State.StartedAt };
}

/** The life of a module's only container. */
export async function lifeOfModule(site: Site, name: string): Promise<Life> {
  const mine = (await site.containers()).filter(({ module }) => module === name);
  const [container, ...others] = mine;
  if (container === undefined || others.length > 0)
    throw new Error(`${name} has ${mine.length} containers, not one`);
  return lifeOf(container.id);
}
