import { parseImageReference } from '../../../model/image-reference.js';
import type { ImageReference } from '../../../model/image-reference.js';
import type { Dockerfile, Stage } from '../../dockerfile/dockerfile.js';
import { instructionsOf } from './of-instructions.js';

/** A stage that begins with an image from elsewhere, and what is known of the image. */
export interface Base {
  readonly stage: Stage;
  readonly reference: ImageReference;
}

/** The images that stages begin with; those that are empty, a stage or not known are none. */
export function basesOf({ stages }: Dockerfile): Base[] {
  return stages.flatMap((stage) => {
    const reference = isForeign(stage) ? parseImageReference(stage.base.image) : undefined;
    return reference === undefined ? [] : [{ stage, reference }];
  });
}

export const isForeign = ({ base }: Stage): boolean =>
  base.stage === undefined && base.open === undefined && base.image !== 'scratch';

/** Where an instruction takes files from: `--from=…` of COPY, `from=…` of a mount of RUN. */
export interface Taken {
  readonly line: number;
  readonly from: string;
  /** Stage of the instruction. */
  readonly stage: number;
  /** Index of the stage that it names, if it is one that comes before. */
  readonly source: number | undefined;
}

/** All places that files are taken from, in order. */
export function takenFrom(dockerfile: Dockerfile): Taken[] {
  return instructionsOf(dockerfile, 'COPY', 'RUN', 'ADD').flatMap(({ flags, stage = 0, line }) =>
    flags
      .flatMap(({ name, value }) => (name === 'mount' ? mountSource(value) : from(name, value)))
      .map((value) => ({ line, from: value, stage, source: stageOf(dockerfile, value, stage) })),
  );
}

const from = (name: string, value: string): string[] => (name === 'from' ? [value] : []);

const mountSource = (mount: string): string[] =>
  mount.split(',').flatMap((part) => (part.startsWith('from=') ? [part.slice(5)] : []));

/** A stage by its name or number; only those that come before can be taken from. */
function stageOf({ stages }: Dockerfile, name: string, before: number): number | undefined {
  if (/^\d{1,5}$/.test(name)) return Number(name) < before ? Number(name) : undefined;
  const known = stages.findLastIndex(
    (stage) => stage.index < before && stage.name === name.toLowerCase(),
  );
  return known < 0 ? undefined : known;
}
