import { printable } from '../../../lib/printable.js';
import { parseImageReference } from '../../../model/image-reference.js';
import { check, NotApplicable } from '../../check.js';

/** What runs is what the manifest names. */
export const PINNED_DIGEST = check({
  id: 'image/pinned-digest',
  title: 'The image has the digest that the manifest names',
  severity: 'critical',
  mode: 'enforce',
  about: 'image',
  why: 'The digest is a hash over the image: with another one, other bytes would run.',
  remedy: 'Remove the image from the engine so that it is pulled again, or correct the digest',
  run({ manifest: { spec }, image: { id, digest, built } }) {
    const pinned = parseImageReference(spec.image)?.digest;
    if (built || pinned === undefined) throw new NotApplicable('The manifest names no digest');
    if (digest === pinned || id === pinned) return [];
    const message = `The image has digest "${printable(digest ?? id)}"`;
    return [{ field: 'spec.image', message }];
  },
});
