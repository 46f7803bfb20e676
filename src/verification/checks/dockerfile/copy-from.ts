import { printable } from '../../../lib/printable.js';
import { parseImageReference } from '../../../model/image-reference.js';
import { dockerfileCheck } from './dockerfile-check.js';
import { takenFrom } from './image-name.js';
import { flagOf, instructionsOf } from './of-instructions.js';

/** A name that says by itself that it is one of an image. */
const looksLikeImage = (from: string): boolean => /[:@/]/.test(from);

const COPY_FROM_IMAGE = dockerfileCheck({
  id: 'dockerfile/copy-from-image',
  title: 'Files of other images are taken by digest',
  severity: 'high',
  mode: 'enforce',
  why: 'A name that is no stage is one of an image: also a misspelt stage, whose name anybody can register. Its files become part of the module.',
  remedy: 'Name a stage of the Dockerfile, or add the digest of the image',
  *find(dockerfile) {
    for (const { line, from, source } of takenFrom(dockerfile)) {
      if (source !== undefined || parseImageReference(from)?.digest !== undefined) continue;
      const message = `"${printable(from)}" is no stage before this one, and as an image it has no digest`;
      yield { line, message };
    }
  },
});

const COPY_FROM_STAGE = dockerfileCheck({
  id: 'dockerfile/copy-from-stage',
  title: 'COPY --from names an earlier stage',
  severity: 'medium',
  mode: 'warn',
  reference: 'DL3022',
  why: 'A name that is neither a stage nor the full name of an image is most often misspelt.',
  remedy: 'Name a stage that comes before with "FROM … AS name"',
  *find(dockerfile) {
    const lines = new Set(instructionsOf(dockerfile, 'COPY').map(({ line }) => line));
    for (const { line, from, source } of takenFrom(dockerfile)) {
      if (source !== undefined || !lines.has(line) || looksLikeImage(from)) continue;
      yield { line, message: `There is no stage "${printable(from)}" before this one` };
    }
  },
});

const COPY_FROM_ITSELF = dockerfileCheck({
  id: 'dockerfile/copy-from-itself',
  title: 'COPY --from does not name its own stage',
  severity: 'medium',
  mode: 'warn',
  reference: 'DL3023',
  why: 'A stage cannot take files from itself: the build fails, or takes an image of that name.',
  remedy: 'Name an earlier stage, or leave --from out and use RUN cp',
  *find(dockerfile) {
    for (const instruction of instructionsOf(dockerfile, 'COPY')) {
      const { line, stage = 0 } = instruction;
      const own = dockerfile.stages[stage]?.name;
      if (own !== undefined && flagOf(instruction, 'from')?.toLowerCase() === own)
        yield { line, message: `The stage "${printable(own)}" copies from itself` };
    }
  },
});

/** Where COPY and mounts take files from. */
export const COPY_FROM_CHECKS = [COPY_FROM_IMAGE, COPY_FROM_STAGE, COPY_FROM_ITSELF];
