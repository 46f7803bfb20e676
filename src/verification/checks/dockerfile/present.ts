import { printable } from '../../../lib/printable.js';
import { check, NotApplicable } from '../../check.js';
import { dockerfilePath } from '../../dockerfile/dockerfile-in.js';

/** There is something to build from. */
export const DOCKERFILE_PRESENT = check({
  id: 'dockerfile/present',
  title: 'There is a Dockerfile where the manifest says',
  severity: 'critical',
  mode: 'enforce',
  about: 'tree',
  why: 'All other checks of the Dockerfile have nothing to look at without it.',
  remedy:
    'Add the Dockerfile as a file of its own, no link, or correct spec.source.path and spec.source.dockerfile',
  run({ manifest, dockerfile }) {
    const path = dockerfilePath(manifest);
    if (path === undefined) throw new NotApplicable('Nothing is built: spec.image is run');
    if (dockerfile === undefined)
      return [{ field: 'spec.source.dockerfile', message: `"${printable(path)}" is no file` }];
    const isEmpty = dockerfile.unreadable === undefined && dockerfile.stages.length === 0;
    return isEmpty ? [{ file: dockerfile.path, message: 'No FROM says what it begins with' }] : [];
  },
});
