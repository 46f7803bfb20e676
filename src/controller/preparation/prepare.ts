import type { Report } from '../../kinds/report/schema.js';
import type { Module } from '../../model/module.js';
import type { ResolvedCommit } from '../../model/module-status.js';
import type { ReconcileContext } from '../context.js';
import type { Artifact } from '../blueprint.js';
import { wantsContainers } from '../desired.js';
import type { Outcome } from '../outcome.js';
import { ensureImage } from './image-stage.js';
import { verifyImage } from './image-verdict.js';
import { publishVersion } from './publish-stage.js';
import { isBuilt, recordedCommit } from './resolved-commit.js';
import { secretNeeds } from './secret-use.js';
import { doubtAbout, verifyModule } from './verify-stage.js';
import { recordedImage } from './wanted-image.js';
import type { ResolvedImage } from './wanted-image.js';

/** What a module runs, as far as it is known and may run. */
export interface Preparation {
  readonly source: ResolvedCommit | undefined;
  readonly report: Report | undefined;
  readonly image: ResolvedImage | undefined;
  /** Verified and present: what new containers may be made from. */
  readonly artifact: Artifact | undefined;
  /** What keeps it from being verified. */
  readonly verificationProblem: Outcome | undefined;
  /** What keeps its version from being published. */
  readonly versionProblem: Outcome | undefined;
  /** What keeps the image from being there. */
  readonly imageProblem: Outcome | undefined;
  /** What keeps the values of Secrets from being there. */
  readonly secretProblem: Outcome | undefined;
  /** The other module that it waits for. */
  readonly dependencyProblem: Outcome | undefined;
  /** What keeps the host from having room for new containers. */
  readonly hostProblem: Outcome | undefined;
}

/**
 * Brings about what containers are made from, in order: manifest, source, image, each verified
 * before the next. The version is published beside the build. Where everything is recorded already
 * this asks nobody and takes no time.
 */
export async function prepare(module: Module, context: ReconcileContext): Promise<Preparation> {
  if (!wantsContainers(module)) {
    cancelPreparation(module.metadata.name, context);
    return whatIsRecorded(module, context);
  }
  cancelOther(module, context);
  const { basis, source, report, problem } = await verifyModule(module, context);
  const known = {
    ...NOTHING,
    source,
    report,
    image: recordedImage(module, context.registry.instanceId),
  };
  if (basis === undefined || report === undefined || problem !== undefined) {
    if (problem?.kind === 'stalled') cancelAfter(module, context);
    return { ...known, verificationProblem: problem };
  }
  const versionProblem = await publishVersion({ module, basis, report }, context);
  // While it is being packed, the image can be built.
  if (versionProblem !== undefined && versionProblem.kind !== 'waiting') {
    return { ...known, versionProblem };
  }
  const request = { module, basis, source, report };
  const { image, problem: imageProblem } = await ensureImage(request, context);
  // What was resolved stays recorded while it cannot be had: a tag is never resolved twice.
  if (image === undefined) return { ...known, imageProblem, versionProblem };
  const verdict = await verifyImage(module, image, { basis, report }, context);
  const verified = { ...known, image, report: verdict.report, versionProblem };
  if (verdict.problem !== undefined) return { ...verified, verificationProblem: verdict.problem };
  const { hash, problem: secretProblem } = secretNeeds(module, context);
  if (hash === undefined || versionProblem !== undefined) return { ...verified, secretProblem };
  return { ...verified, artifact: artifactOf(module, source, image, hash) };
}

/** Of a module of which nothing is known. */
export const NOTHING: Preparation = {
  ...{ source: undefined, report: undefined, image: undefined, artifact: undefined },
  ...{ verificationProblem: undefined, versionProblem: undefined, imageProblem: undefined },
  ...{ secretProblem: undefined, dependencyProblem: undefined, hostProblem: undefined },
};

/** What the status says of an earlier preparation of the same, and whether that counts now. */
export async function whatIsRecorded(
  module: Module,
  context: ReconcileContext,
): Promise<Preparation> {
  const { registry } = context;
  const image = recordedImage(module, registry.instanceId);
  const source = isBuilt(module) ? recordedCommit(module) : undefined;
  const report = registry.get('Report', module.status.verification?.report ?? '')?.object;
  const { hash } = secretNeeds(module, { registry });
  const isKnown = image !== undefined && hash !== undefined;
  const artifact = isKnown ? artifactOf(module, source, image, hash) : undefined;
  const verificationProblem = report && (await doubtAbout(module, { source, report }, context));
  return { ...NOTHING, source, report, image, artifact, verificationProblem };
}

/** What keeps a module from being made from what it wants, the first thing of it. */
export const problemOf = (preparation: Preparation): Outcome | undefined =>
  preparation.verificationProblem ??
  preparation.imageProblem ??
  preparation.versionProblem ??
  preparation.secretProblem ??
  preparation.dependencyProblem ??
  preparation.hostProblem;

type Works = Pick<ReconcileContext, 'fetches' | 'packings' | 'builds' | 'pulls' | 'signatures'>;

/** Ends what is under way for a module that does not want it any more. */
export function cancelPreparation(name: string, works: Works): void {
  const { fetches, packings, builds, pulls, signatures } = works;
  for (const jobs of [fetches, packings, builds, pulls, signatures]) jobs.cancel(name);
}

/** Ends the work of a given image for a module that is built, and the other way around. */
function cancelOther(
  module: Module,
  { fetches, packings, builds, pulls, signatures }: Works,
): void {
  const others = isBuilt(module) ? [pulls, signatures] : [fetches, packings, builds];
  for (const jobs of others) jobs.cancel(module.metadata.name);
}

/** Ends what was begun for a source that is refused by now. */
function cancelAfter(
  { metadata: { name } }: Module,
  { packings, builds, pulls, signatures }: Works,
): void {
  for (const jobs of [packings, builds, pulls, signatures]) jobs.cancel(name);
}

const artifactOf = (
  module: Module,
  source: ResolvedCommit | undefined,
  { id }: ResolvedImage,
  secrets: string,
): Artifact => ({ imageId: id, commit: isBuilt(module) ? (source?.commit ?? '') : '', secrets });
