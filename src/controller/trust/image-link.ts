import type { ImageDetails } from '../../model/container.js';
import { isRegistrarError } from '../../model/errors.js';
import type { Module } from '../../model/module.js';
import type { Holds, TrustLink } from '../../model/trust.js';
import type { ReconcileContext } from '../context.js';
import { isBuildOf } from '../preparation/build-job.js';
import type { Preparation } from '../preparation/prepare.js';
import { isBuilt } from '../preparation/resolved-commit.js';
import type { ResolvedImage } from '../preparation/wanted-image.js';

type Recorded = Pick<Preparation, 'image' | 'source' | 'report'>;
type Verdict = readonly [Holds, string];

/** The image in the engine is the one that was verified, and was built from that commit. */
export async function imageLink(
  module: Module,
  recorded: Recorded,
  { runtime, registry }: Pick<ReconcileContext, 'runtime' | 'registry'>,
): Promise<TrustLink> {
  const { image } = recorded;
  const value = image === undefined ? '<none>' : `${image.reference} ${image.digest}`;
  const say = ([holds, detail]: Verdict): TrustLink => ({ link: 'image', value, holds, detail });
  if (image === undefined) return say(['no', 'There is no image yet']);
  if (recorded.report?.spec.image?.id !== image.id) return say(['no', 'It was not verified']);
  try {
    const present = await runtime.imageDetails(image.id);
    if (present === undefined) return say(['no', 'It is gone from the engine']);
    return say(judge(module, recorded, image, { present, instance: registry.instanceId }));
  } catch (error) {
    if (!isRegistrarError(error)) throw error;
    return say(['unknown', error.message]);
  }
}

function judge(
  module: Module,
  { source }: Recorded,
  { id }: ResolvedImage,
  { present, instance }: { readonly present: ImageDetails; readonly instance: string },
): Verdict {
  // The id is over its bytes. A digest is of a registry: whoever pushes the same image gives it more.
  if (present.id !== id) return ['no', `The engine holds it as ${present.id}`];
  if (!isBuilt(module)) return ['yes', 'The engine holds those bytes'];
  return isBuildOf({ module, source }, instance, present)
    ? ['yes', 'Built here from that commit']
    : ['no', 'Its labels do not say that it was built here from that commit'];
}
