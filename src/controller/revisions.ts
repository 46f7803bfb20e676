import type { Report } from '../kinds/report/schema.js';
import type { Revision } from '../kinds/revision/schema.js';
import { isRegistrarError } from '../model/errors.js';
import type { Module } from '../model/module.js';
import { API_VERSION } from '../model/names.js';
import { MODULE_LABEL, moduleOwnerReference } from '../model/owner.js';
import type { Draft, Registry } from '../registry/registry.js';
import { findRevision, revisionObject } from './blueprint.js';
import type { Blueprint } from './blueprint.js';
import { forget, recordsOf } from './module-records.js';
import type { ResolvedImage } from './preparation/wanted-image.js';

/** An image, and the report after which it may run. */
export interface VerifiedArtifact {
  readonly image: ResolvedImage;
  readonly report: Pick<Report, 'metadata'> | undefined;
}

/**
 * Records the revision that is wanted when it is wanted for the first time, and forgets those past
 * `spec.revisionHistoryLimit`, but never the one to go back to. A store that cannot take it now does
 * so in a later pass.
 */
export async function recordRevision(
  module: Module,
  blueprint: Blueprint,
  verified: VerifiedArtifact,
  registry: Registry,
): Promise<void> {
  const { name } = module.metadata;
  if (findRevision(name, blueprint.revision, registry) !== undefined) return;
  const known = recordsOf('Revision', name, registry).toSorted(
    (a, b) => a.spec.number - b.spec.number,
  );
  const number = 1 + Math.max(0, ...known.map(({ spec }) => spec.number));
  try {
    await registry.create('Revision', draftOf(module, blueprint, verified, number));
    const past = known.slice(0, Math.max(0, known.length - module.spec.revisionHistoryLimit));
    const isNeeded = ({ spec }: Revision): boolean =>
      spec.revision === module.status.currentRevision;
    await forget(
      'Revision',
      past.filter((one) => !isNeeded(one)),
      registry,
    );
  } catch (error) {
    if (!isRegistrarError(error, 'STORE_UNAVAILABLE')) throw error;
  }
}

function draftOf(
  module: Module,
  { revision, commit, specHash, template, secrets }: Blueprint,
  { image, report }: VerifiedArtifact,
  number: number,
): Draft<'Revision'> {
  const { name, generation } = module.metadata;
  const { progressCheck } = module.spec;
  return {
    apiVersion: API_VERSION,
    kind: 'Revision',
    metadata: {
      name: revisionObject(name, revision),
      labels: { [MODULE_LABEL]: name },
      ownerReferences: [moduleOwnerReference(module.metadata)],
    },
    spec: {
      ...{ module: name, revision, number, generation, version: module.spec.version },
      ...{ commit, specHash, template, ...(secrets !== '' && { secrets }) },
      ...{ image: image.reference, imageId: image.id, imageDigest: image.digest },
      ...(report !== undefined && { report: report.metadata.name }),
      ...(progressCheck !== undefined && { progressCheck }),
    },
  };
}
