import type { Revision } from '../kinds/revision/schema.js';
import { isRegistrarError } from '../model/errors.js';
import type { Module } from '../model/module.js';
import { API_VERSION } from '../model/names.js';
import { MODULE_LABEL, moduleOwnerReference } from '../model/owner.js';
import { specHash, templateOf } from '../model/revision.js';
import type { Draft, Registry } from '../registry/registry.js';
import { NO_COMMIT } from './desired.js';
import type { ResolvedImage } from './image.js';

/**
 * Records the revision that is wanted when it is wanted for the first time, and forgets those past
 * `spec.revisionHistoryLimit`. A store that cannot take it now does so in a later pass.
 */
export async function recordRevision(
  module: Module,
  revision: string,
  image: ResolvedImage,
  registry: Registry,
): Promise<void> {
  const { name } = module.metadata;
  if (registry.get('Revision', objectName(name, revision)) !== undefined) return;
  const known = revisionsOf(name, registry);
  const number = 1 + Math.max(0, ...known.map(({ spec }) => spec.number));
  try {
    await registry.create('Revision', draftOf(module, { revision, number, image }));
    const limit = module.spec.revisionHistoryLimit;
    await forget(known.slice(0, Math.max(0, known.length - limit)), registry);
  } catch (error) {
    if (!isRegistrarError(error, 'STORE_UNAVAILABLE')) throw error;
  }
}

/** Forgets all revisions of a module that goes. */
export async function forgetRevisions(module: string, registry: Registry): Promise<void> {
  await forget(revisionsOf(module, registry), registry);
}

/** Oldest first. */
function revisionsOf(module: string, registry: Registry): Revision[] {
  return registry
    .list('Revision')
    .items.map(({ object }) => object)
    .filter(({ spec }) => spec.module === module)
    .toSorted((a, b) => a.spec.number - b.spec.number);
}

async function forget(revisions: readonly Revision[], registry: Registry): Promise<void> {
  await Promise.all(
    revisions.map(({ metadata: { name, uid } }) => registry.delete('Revision', name, { uid })),
  );
}

const objectName = (module: string, revision: string): string => `${module}-${revision}`;

interface Wanted {
  readonly revision: string;
  readonly number: number;
  readonly image: ResolvedImage;
}

function draftOf(module: Module, { revision, number, image }: Wanted): Draft<'Revision'> {
  const { name, generation } = module.metadata;
  const template = templateOf(module);
  return {
    apiVersion: API_VERSION,
    kind: 'Revision',
    metadata: {
      name: objectName(name, revision),
      labels: { [MODULE_LABEL]: name },
      ownerReferences: [moduleOwnerReference(module.metadata)],
    },
    spec: {
      ...{ module: name, revision, number, generation, version: module.spec.version },
      ...{ commit: NO_COMMIT, specHash: specHash(template), template },
      ...{ image: image.reference, imageId: image.id, imageDigest: image.digest },
    },
  };
}
