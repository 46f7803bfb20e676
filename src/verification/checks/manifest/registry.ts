import Type from 'typebox';
import { parseImageReference } from '../../../model/image-reference.js';
import type { ImageReference } from '../../../model/image-reference.js';
import type { ModuleManifest } from '../../../model/module.js';
import { check, NotApplicable } from '../../check.js';
import { allowedList } from './allowed-list.js';

/** Images come from registries that are trusted. */
export const IMAGE_REGISTRY = check({
  id: 'manifest/image-registry',
  title: 'The image comes from an allowed registry',
  severity: 'high',
  mode: 'enforce',
  about: 'manifest',
  why: 'Whoever runs a registry decides what a tag in it stands for.',
  remedy: 'Take the image from an allowed registry, or allow its registry in the policy',
  parameters: Type.Object({
    registries: Type.Array(Type.String({ maxLength: 255 }), {
      default: ['docker.io', 'ghcr.io'],
      maxItems: 100,
      description: 'Host names, with the port where it is not 443',
    }),
  }),
  run({ manifest }, { registries }) {
    const { registry } = referenceOf(manifest);
    if (registries.includes(registry)) return [];
    const message = `Images of "${registry}" are not allowed, only of ${allowedList(registries)}`;
    return [{ field: 'spec.image', message }];
  },
});

/** The bytes that run are named in the manifest. */
export const IMAGE_DIGEST = check({
  id: 'manifest/image-digest',
  title: 'The image is pinned by its digest',
  severity: 'medium',
  mode: 'warn',
  about: 'manifest',
  why: 'A tag can be moved to other bytes between the review of a manifest and the day it is applied.',
  remedy: 'Write the image as name:tag@sha256:DIGEST',
  run({ manifest }) {
    if (referenceOf(manifest).digest !== undefined) return [];
    return [{ field: 'spec.image', message: 'The image is named by a tag that can be moved' }];
  },
});

/** The image that a manifest names. NotApplicable when it is built from source. */
function referenceOf({ spec: { image } }: ModuleManifest): ImageReference {
  const reference = parseImageReference(image);
  if (reference === undefined) throw new NotApplicable('The manifest names no image');
  return reference;
}
