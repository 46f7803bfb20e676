import type { CreateRequest } from '../docker/runtime.js';
import { limitsOf } from '../model/limits.js';
import type { Module } from '../model/module.js';
import { revisionName, specHash, templateOf } from '../model/revision.js';
import type { Desired, Scale } from '../plan/desired.js';

/** Modules with a given image have no source commit. */
export const NO_COMMIT = '';

/** What a module wants of its containers; without an image only what can be had without one. */
export function desiredOf(module: Module, imageId: string | undefined, instance: string): Desired {
  const { name, uid } = module.metadata;
  const scale = scaleOf(module);
  return {
    module: name,
    uid,
    replicas: scale === 'scaled down' ? module.spec.replicas : 0,
    scale,
    target:
      imageId === undefined
        ? undefined
        : {
            revision: revisionOf(module, imageId, instance),
            limits: limitsOf(module.spec.resources),
          },
  };
}

/** True when the module wants a container, and so needs an image. */
export function wantsContainers(module: Module): boolean {
  return scaleOf(module) === 'scaled down' && module.spec.replicas > 0;
}

/** What a new container in a slot is made from. */
export function createRequest(
  module: Module,
  imageId: string,
  instance: string,
  slot: number,
): CreateRequest {
  const template = templateOf(module);
  const { name, uid, generation } = module.metadata;
  const owner = {
    ...{ instance, module: name, uid, slot, generation },
    revision: revisionOf(module, imageId, instance),
    specHash: specHash(template),
    commit: NO_COMMIT,
  };
  return { owner, template, imageId };
}

function scaleOf({ metadata, spec }: Module): Scale {
  if (metadata.deletionTimestamp !== undefined) return 'deleted';
  return spec.suspend ? 'suspended' : 'scaled down';
}

function revisionOf(module: Module, imageId: string, instance: string): string {
  const hash = specHash(templateOf(module));
  return revisionName({ specHash: hash, commit: NO_COMMIT, imageId, instance });
}
