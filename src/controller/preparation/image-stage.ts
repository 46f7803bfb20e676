import type { Report } from '../../kinds/report/schema.js';
import type { ImageFacts } from '../../model/container.js';
import { isRegistrarError, RegistrarError } from '../../model/errors.js';
import type { Module } from '../../model/module.js';
import type { ResolvedCommit } from '../../model/module-status.js';
import type { ReconcileContext } from '../context.js';
import type { Outcome } from '../outcome.js';
import { requireRoom } from '../preflight/disk.js';
import type { Basis } from './basis.js';
import { buildImage, isBuildOf } from './build-job.js';
import { loginVersion, registryLogin } from './credentials.js';
import { isBuilt } from './resolved-commit.js';
import { failure, working } from './stage.js';
import { recordedImage, wantedReference } from './wanted-image.js';
import type { ResolvedImage } from './wanted-image.js';

/** An image that is present, or what stands in the way of one. */
export type ImageStage =
  | { readonly image: ResolvedImage; readonly problem?: undefined }
  | { readonly image?: undefined; readonly problem: Outcome };

/** What an image is made or looked up from. */
export interface ImageRequest {
  readonly module: Module;
  readonly basis: Basis;
  readonly source: ResolvedCommit | undefined;
  readonly report: Report;
}

/**
 * Makes sure of the module's image. A recorded one costs no engine call: a tag that moves later
 * changes nothing. One that the engine lost is pulled again by its digest, or built again.
 */
export async function ensureImage(
  request: ImageRequest,
  context: ReconcileContext,
): Promise<ImageStage> {
  const { name } = request.module.metadata;
  const recorded = recordedImage(request.module, context.registry.instanceId);
  const isThere = recorded !== undefined && !context.lostImages.has(name);
  const stage = isThere ? { image: recorded } : await obtain(request, recorded, context);
  if (stage.image === undefined) return stage;
  context.lostImages.delete(name);
  for (const jobs of [context.builds, context.pulls]) jobs.cancel(name);
  return stage;
}

async function obtain(
  request: ImageRequest,
  recorded: ResolvedImage | undefined,
  context: ReconcileContext,
): Promise<ImageStage> {
  const { module, source } = request;
  const reference = wantedReference(module, source?.commit, context.registry.instanceId);
  if (reference === undefined) throw new Error('A build is asked for without a commit');
  try {
    const present = await find(request, recorded?.id ?? reference, context);
    if (present !== undefined) return have(reference, present);
  } catch (error) {
    if (!isRegistrarError(error)) throw error;
    return { problem: failure(error) };
  }
  return isBuilt(module) ? build(request, reference, context) : pull(request, recorded, context);
}

/** Whoever can talk to the engine can give any image our tag: its labels must fit as well. */
async function find(
  request: ImageRequest,
  reference: string,
  { runtime, registry }: ReconcileContext,
): Promise<ImageFacts | undefined> {
  if (!isBuilt(request.module)) return runtime.findImage(reference);
  const details = await runtime.imageDetails(reference);
  return details !== undefined && isBuildOf(request, registry.instanceId, details)
    ? details
    : undefined;
}

function build(request: ImageRequest, reference: string, context: ReconcileContext): ImageStage {
  const { name } = request.module.metadata;
  const order = { key: reference, occasion: request.report.spec.key };
  const job = context.builds.run(name, order, buildImage(request, reference, context));
  if (job.state === 'done') return have(reference, job.result);
  if (job.state === 'failed') return { problem: failure(job.error) };
  return { problem: working('Building', `Building image "${reference}": ${job.progress}`) };
}

function pull(
  { module, report }: ImageRequest,
  recorded: ResolvedImage | undefined,
  context: Pick<ReconcileContext, 'pulls' | 'runtime' | 'registry' | 'disk'>,
): ImageStage {
  const { pulls, runtime, registry } = context;
  const { name } = module.metadata;
  const { image: reference } = module.spec;
  const wanted = recorded === undefined ? reference : pinned(recorded);
  if (wanted === undefined) return { problem: lostForGood(reference) };
  const { credentials, problem } = registryLogin(module, wanted, { registry });
  if (problem !== undefined) return { problem };
  const occasion = report.spec.key + loginVersion(module.spec.imagePullSecret, { registry });
  const job = pulls.run(name, { key: wanted, occasion }, async (onProgress, signal) => {
    await requireRoom(context);
    return runtime.pullImage(wanted, onProgress, signal, credentials);
  });
  if (job.state === 'done') return have(reference, job.result);
  if (job.state === 'failed') return { problem: failure(job.error) };
  return { problem: { kind: 'waiting', reason: 'Pulling', message: `Pulling image "${wanted}"` } };
}

const have = (reference: string, { id, digest }: ImageFacts): ImageStage => ({
  image: { reference, id, digest: digest ?? id },
});

/** A tag is never resolved twice: what it names by now is not what was recorded. */
function lostForGood(reference: string): Outcome {
  const message = `Image "${reference}" is gone from the engine and was never in a registry; load the same image again, or change spec.image`;
  return { kind: 'failed', error: new RegistrarError('IMAGE_NOT_FOUND', message) };
}

/**
 * `repository@digest` of a recorded image, so that a pull brings back the very same one; undefined
 * for one that was only ever local.
 */
function pinned(image: ResolvedImage): string | undefined {
  if (image.digest === image.id) return undefined;
  const repository = image.reference.replace(/@.*$/, '').replace(/:[^:/]*$/, '');
  return `${repository}@${image.digest}`;
}
