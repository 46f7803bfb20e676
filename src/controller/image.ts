import type { Runtime } from '../docker/runtime.js';
import type { ImageFacts } from '../model/container.js';
import { isRegistrarError, RegistrarError } from '../model/errors.js';
import type { Module } from '../model/module.js';
import type { ReconcileContext } from './context.js';
import { wantsContainers } from './desired.js';
import type { Outcome } from './outcome.js';

/** The image a module runs, resolved once and then recorded in its status. */
export interface ResolvedImage {
  /** `spec.image` that was resolved. */
  readonly reference: string;
  readonly id: string;
  readonly digest: string;
}

/** An image, or what stands in the way of one; neither when none is wanted and none was recorded. */
export interface ImageStage {
  readonly image: ResolvedImage | undefined;
  readonly problem: Outcome | undefined;
}

/** The image that the status records for the present `spec.image`, if any. */
export function recordedImage({ spec, status }: Module): ResolvedImage | undefined {
  const { imageReference: reference, imageId: id, imageDigest: digest } = status;
  if (reference !== spec.image || id === undefined || digest === undefined) return undefined;
  return { reference, id, digest };
}

/**
 * Makes sure of the module's image. A recorded one costs no engine call: a tag that moves later
 * changes nothing. One that the engine lost is pulled again by its digest.
 */
export async function ensureImage(module: Module, context: ReconcileContext): Promise<ImageStage> {
  const { name } = module.metadata;
  const recorded = recordedImage(module);
  if (!wantsContainers(module)) {
    context.pulls.cancel(name);
    return { image: recorded, problem: undefined };
  }
  if (recorded !== undefined && !context.lostImages.has(name)) return have(recorded);
  const stage = await resolve(module, recorded, context);
  if (stage.image !== undefined) context.lostImages.delete(name);
  return stage;
}

async function resolve(
  module: Module,
  recorded: ResolvedImage | undefined,
  { runtime, pulls }: Pick<ReconcileContext, 'pulls'> & { runtime: Pick<Runtime, 'findImage'> },
): Promise<ImageStage> {
  const reference = module.spec.image;
  try {
    const present = await runtime.findImage(recorded?.id ?? reference);
    if (present !== undefined) return have(resolved(reference, present));
  } catch (error) {
    if (!isRegistrarError(error)) throw error;
    return { image: undefined, problem: { kind: 'failed', error } };
  }
  const wanted = recorded === undefined ? reference : pinned(recorded);
  if (wanted === undefined) return { image: undefined, problem: lostForGood(reference) };
  const pull = pulls.pull(module.metadata.name, wanted);
  switch (pull.state) {
    case 'done':
      return have(resolved(reference, pull.image));
    case 'failed':
      return { image: undefined, problem: { kind: 'failed', error: pull.error } };
    case 'pulling': {
      const message = `Pulling image "${wanted}"`;
      return { image: undefined, problem: { kind: 'waiting', reason: 'Pulling', message } };
    }
  }
}

const have = (image: ResolvedImage): ImageStage => ({ image, problem: undefined });

const resolved = (reference: string, { id, digest }: ImageFacts): ResolvedImage => ({
  ...{ reference, id, digest: digest ?? id },
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
