import type { CreateRequest } from '../docker/runtime.js';
import { needsOf } from '../model/dependencies.js';
import { limitsOf } from '../model/limits.js';
import type { Module } from '../model/module.js';
import type { Revealed } from '../model/secret.js';
import type { Desired, Scale, Swap } from '../plan/desired.js';
import type { Registry } from '../registry/registry.js';
import type { Blueprint } from './blueprint.js';

/** How a module comes to what it is to be. */
export interface Course {
  /** What new containers are made from; undefined while that cannot be had. */
  readonly blueprint: Blueprint | undefined;
  readonly swap: Swap;
  readonly reserve: string | undefined;
}

type Store = Pick<Registry, 'list'>;

/** What a module wants of its containers; without a blueprint only what can be had without one. */
export function desiredOf(
  module: Module,
  { blueprint, swap, reserve }: Course,
  registry: Store,
): Desired {
  const { name, uid } = module.metadata;
  const scale = scaleOf(module);
  const replicas = scale === 'scaled down' ? module.spec.replicas : 0;
  return {
    ...{ module: name, uid, replicas, scale, swap, reserve },
    links: { uses: needsOf(module), isUsed: isNeeded(name, registry) },
    target: blueprint && {
      revision: blueprint.revision,
      imageId: blueprint.imageId,
      limits: limitsOf(blueprint.template.resources),
    },
  };
}

const isNeeded = (name: string, registry: Store): boolean =>
  registry.list('Module').items.some(({ object }) => needsOf(object).includes(name));

/** True when the module wants a container, and so needs an image. */
export function wantsContainers(module: Module): boolean {
  return scaleOf(module) === 'scaled down' && module.spec.replicas > 0;
}

/** What a new container is made with besides its blueprint. */
export interface Ingredients {
  /** Id of the registrar. */
  readonly instance: string;
  readonly secrets: Revealed;
}

/** What a new container in a slot is made from. */
export function createRequest(
  module: Module,
  blueprint: Blueprint,
  { instance, secrets }: Ingredients,
  slot: number,
): CreateRequest {
  const { metadata } = module;
  const { name, uid, generation } = metadata;
  const { revision, specHash, commit, template, imageId } = blueprint;
  const owner = {
    ...{ instance, module: name, uid, slot, generation, revision, specHash, commit },
  };
  const { env, files } = secrets;
  return { owner, template, imageId, secrets: env, files, uses: needsOf(module) };
}

function scaleOf({ metadata, spec }: Module): Scale {
  if (metadata.deletionTimestamp !== undefined) return 'deleted';
  return spec.suspend ? 'suspended' : 'scaled down';
}
