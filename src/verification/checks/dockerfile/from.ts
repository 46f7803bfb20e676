import { printable } from '../../../lib/printable.js';
import type { Stage } from '../../dockerfile/dockerfile.js';
import { dockerfileCheck } from './dockerfile-check.js';
import type { Finding } from './dockerfile-check.js';
import { basesOf, isForeign } from './image-name.js';
import { parseImageReference } from '../../../model/image-reference.js';

const about = ({ line, base }: Stage, what: string): Finding => ({
  line,
  message: `Image "${printable(base.image)}" ${what}`,
});

const BASE_KNOWN = dockerfileCheck({
  id: 'dockerfile/base-known',
  title: 'The Dockerfile says which images it begins with',
  severity: 'high',
  mode: 'enforce',
  why: 'What depends on an argument without a default, or is no name of an image, cannot be judged before it is built.',
  remedy: 'Give the argument a default before the first FROM, or name the image',
  *find({ stages }) {
    for (const stage of stages) {
      const { image, open } = stage.base;
      if (open !== undefined) {
        const message = `What it begins with depends on "${printable(open)}", which has no default`;
        yield { line: stage.line, message };
      } else if (isForeign(stage) && parseImageReference(image) === undefined)
        yield about(stage, 'is no name of an image');
    }
  },
});

const BASE_TAG = dockerfileCheck({
  id: 'dockerfile/base-tag',
  title: 'Base images have a tag',
  severity: 'medium',
  mode: 'warn',
  reference: 'DL3006',
  why: 'Without a tag the newest image is taken, whichever that is on the day of the build.',
  remedy: 'Name a version of the image, such as "debian:12.8-slim"',
  *find(dockerfile) {
    for (const { stage, reference } of basesOf(dockerfile))
      if (reference.tag === undefined && reference.digest === undefined)
        yield about(stage, 'has no tag');
  },
});

const BASE_LATEST = dockerfileCheck({
  id: 'dockerfile/base-latest',
  title: 'Base images are not "latest"',
  severity: 'medium',
  mode: 'warn',
  reference: 'DL3007',
  why: 'The tag "latest" moves with every release, so a build of the same commit gives another image.',
  remedy: 'Name a version of the image instead of "latest"',
  *find(dockerfile) {
    for (const { stage, reference } of basesOf(dockerfile))
      if (reference.tag === 'latest' && reference.digest === undefined)
        yield about(stage, 'has the tag "latest"');
  },
});

const BASE_DIGEST = dockerfileCheck({
  id: 'dockerfile/base-digest',
  title: 'Base images are pinned by digest',
  severity: 'medium',
  mode: 'warn',
  why: 'A tag can be moved to another image by whoever may write to its repository; a digest cannot.',
  remedy: 'Add the digest of the image: "debian:12.8-slim@sha256:…"',
  *find(dockerfile) {
    for (const { stage, reference } of basesOf(dockerfile))
      if (reference.digest === undefined) yield about(stage, 'is not pinned by a digest');
  },
});

/** A platform that the builder decides. */
const FREE_PLATFORM = /^\$\{?(?:BUILD|TARGET)PLATFORM\b/;

const BASE_PLATFORM = dockerfileCheck({
  id: 'dockerfile/base-platform',
  title: 'Stages are built for the platform of the engine',
  severity: 'low',
  mode: 'warn',
  reference: 'DL3029',
  why: 'An image for a fixed platform does not run, or runs slowly, on an engine of another one.',
  remedy: 'Leave --platform out, or set it to $BUILDPLATFORM for a stage that only builds',
  *find({ stages }) {
    for (const { line, platform } of stages)
      if (platform !== undefined && !FREE_PLATFORM.test(platform))
        yield { line, message: `The platform is fixed to "${printable(platform)}"` };
  },
});

/** What stages begin with. */
export const FROM_CHECKS = [BASE_KNOWN, BASE_TAG, BASE_LATEST, BASE_DIGEST, BASE_PLATFORM];
