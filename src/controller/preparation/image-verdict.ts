import type { Report } from '../../kinds/report/schema.js';
import { isRegistrarError, RegistrarError } from '../../model/errors.js';
import type { Module } from '../../model/module.js';
import type { ImageSubject } from '../../verification/subjects.js';
import { verify } from '../../verification/verify.js';
import type { ReconcileContext } from '../context.js';
import type { Outcome } from '../outcome.js';
import type { Basis } from './basis.js';
import { signaturesOf } from './image-signatures.js';
import { addImage } from './reports.js';
import { isBuilt } from './resolved-commit.js';
import { failure } from './stage.js';
import { blockedBy, isSettled } from './verdict.js';
import type { ResolvedImage } from './wanted-image.js';

export interface ImageVerdict {
  readonly report: Report;
  /** What keeps the image from running, if anything does. */
  readonly problem: Outcome | undefined;
}

/** Checks an image, once for each report. */
export async function verifyImage(
  module: Module,
  image: ResolvedImage,
  { basis, report }: { readonly basis: Basis; readonly report: Report },
  context: ReconcileContext,
): Promise<ImageVerdict> {
  if (report.spec.image?.id === image.id && isSettled(report, context.clock.now())) {
    return { report, problem: blockedBy(report) };
  }
  try {
    const found = await imageSubject(module, image, report, context);
    const named = { reference: image.reference, digest: found.image.digest };
    const stage = signaturesOf(module, named, { basis, report }, context);
    if (stage.known === undefined) return { report, problem: stage.problem };
    const subject = { ...found, ...stage.known };
    const results = await verify({ image: subject }, basis.settings);
    const verified = { ...image, built: isBuilt(module) };
    const whole = await addImage(report, verified, results, context);
    return { report: whole, problem: blockedBy(whole) };
  } catch (error) {
    if (!isRegistrarError(error)) throw error;
    // It is recorded, but has to be had again.
    if (isRegistrarError(error, 'IMAGE_NOT_FOUND')) context.lostImages.add(module.metadata.name);
    return { report, problem: failure(error) };
  }
}

async function imageSubject(
  module: Module,
  { reference, id }: ResolvedImage,
  { spec }: Report,
  { runtime }: Pick<ReconcileContext, 'runtime'>,
): Promise<ImageSubject> {
  const [details, named, engine] = await Promise.all([
    runtime.imageDetails(id),
    runtime.findImage(reference),
    runtime.info(),
  ]);
  if (details === undefined) {
    throw new RegistrarError('IMAGE_NOT_FOUND', `Image "${reference}" is gone from the engine`);
  }
  const digest = named?.id === id ? named.digest : details.digest;
  const { os: engineOs, architecture: engineArchitecture } = engine;
  const commit = spec.source?.commit ?? module.spec.source?.commit ?? '';
  return {
    manifest: module,
    ...(commit !== '' && { commit }),
    // One image may have digests in several repositories: that of its name is meant.
    image: { ...details, digest, reference, built: isBuilt(module), engineOs, engineArchitecture },
  };
}
