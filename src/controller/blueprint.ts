import type { Revision } from '../kinds/revision/schema.js';
import type { Module, ModuleSpec } from '../model/module.js';
import type { Owner } from '../model/owner.js';
import { revisionName, specHash, templateOf } from '../model/revision.js';
import type { ContainerTemplate } from '../model/revision.js';
import type { Registry } from '../registry/registry.js';

/** What containers are made from besides the spec. */
export interface Artifact {
  /** Id of the image in the engine. */
  readonly imageId: string;
  /** Commit that it was built from, empty for a given image. */
  readonly commit: string;
  /** Hash over what stands for its secret values, empty when there are none. */
  readonly secrets: string;
}

/** All that the containers of a revision are made from. */
export interface Blueprint extends Artifact {
  readonly revision: string;
  readonly specHash: string;
  readonly template: ContainerTemplate;
}

/** What the spec asks for. `instance` is the id of the registrar. */
export function blueprintOf(module: Module, artifact: Artifact, instance: string): Blueprint {
  const { imageId, commit, secrets } = artifact;
  const template = templateOf(module);
  const hash = specHash(template);
  const parts = { specHash: hash, commit, imageId, instance, ...(secrets !== '' && { secrets }) };
  return { ...artifact, revision: revisionName(parts), specHash: hash, template };
}

type Store = Pick<Registry, 'get'>;

/** Name of the object that records a revision of a module. */
export const revisionObject = (module: string, revision: string): string => `${module}-${revision}`;

/** A revision that is recorded still. */
export const findRevision = (
  module: string,
  revision: string,
  registry: Store,
): Revision | undefined => registry.get('Revision', revisionObject(module, revision))?.object;

/** What a revision that is recorded was made from. */
export function recordedBlueprint(
  module: string,
  revision: string,
  registry: Store,
): Blueprint | undefined {
  const spec = findRevision(module, revision, registry)?.spec;
  if (spec === undefined) return undefined;
  const { imageId, commit, specHash: hash, template, secrets = '' } = spec;
  return { revision, imageId, commit, specHash: hash, template, secrets };
}

/**
 * How to tell that a container works: as its revision says, if that is recorded. The progress check
 * is no part of a revision: what the spec says of it now is for the containers that it asks for, and
 * others are judged by what it said when it asked for them.
 */
export function checksOf(
  { metadata, spec, status }: Module,
  { revision }: Pick<Owner, 'revision'>,
  registry: Store,
): Pick<ModuleSpec, 'healthCheck' | 'progressCheck'> {
  const recorded = findRevision(metadata.name, revision, registry)?.spec;
  if (recorded === undefined) return spec;
  const { progressCheck } = status.updatedRevision === revision ? spec : recorded;
  const { healthCheck } = recorded.template;
  return { ...(healthCheck && { healthCheck }), ...(progressCheck && { progressCheck }) };
}
