import Type from 'typebox';
import { printable } from '../../../lib/printable.js';
import { parseImageReference } from '../../../model/image-reference.js';
import type { Dockerfile } from '../../dockerfile/dockerfile.js';
import { dockerfileCheck } from './dockerfile-check.js';
import { basesOf, takenFrom } from './image-name.js';

interface Used {
  readonly line: number;
  readonly registry: string;
}

/** Registries that the images come from that a build takes anything of. */
function* registriesOf(dockerfile: Dockerfile): Generator<Used> {
  for (const { stage, reference } of basesOf(dockerfile))
    yield { line: stage.line, registry: reference.registry };
  for (const { line, from, source } of takenFrom(dockerfile)) {
    const registry = source === undefined ? parseImageReference(from)?.registry : undefined;
    if (registry !== undefined) yield { line, registry };
  }
}

/** Where images come from. */
export const BASE_REGISTRY = dockerfileCheck({
  id: 'dockerfile/base-registry',
  title: 'Images that the build takes come from allowed registries',
  severity: 'high',
  mode: 'enforce',
  reference: 'DL3026',
  why: 'Whoever runs a registry decides what a tag in it stands for, and all of it becomes part of the module.',
  remedy: 'Take the image from an allowed registry, or allow its registry in the policy',
  parameters: Type.Object({
    registries: Type.Array(Type.String({ maxLength: 255 }), {
      default: ['docker.io', 'ghcr.io'],
      description: 'Host names, with the port where it is not 443',
    }),
  }),
  *find(dockerfile, { registries }) {
    for (const { line, registry } of registriesOf(dockerfile)) {
      if (registries.includes(registry)) continue;
      const allowed = registries.join(', ');
      const message = `Images of "${printable(registry)}" are not allowed, only of ${allowed}`;
      yield { line, message };
    }
  },
});
