import { printable } from '../../../lib/printable.js';
import type { Instruction } from '../../dockerfile/dockerfile.js';
import { dockerfileCheck } from './dockerfile-check.js';
import { instructionsOf } from './of-instructions.js';

const STAGE_UNIQUE = dockerfileCheck({
  id: 'dockerfile/stage-unique',
  title: 'Names of stages are unique',
  severity: 'medium',
  mode: 'warn',
  reference: 'DL3024',
  why: 'Of two stages of a name only one can be meant.',
  remedy: 'Rename one of the stages',
  *find({ stages }) {
    const seen = new Set<string>();
    for (const { name, line } of stages) {
      if (name === undefined) continue;
      if (seen.has(name)) yield { line, message: `Another stage is named "${printable(name)}"` };
      seen.add(name);
    }
  },
});

const STAGE_RESERVED = dockerfileCheck({
  id: 'dockerfile/stage-reserved',
  title: 'No stage is named after what has a meaning',
  severity: 'medium',
  mode: 'warn',
  reference: 'DL3063',
  why: 'The names "scratch" and "context" stand for the empty image and for the files of the build.',
  remedy: 'Rename the stage',
  *find({ stages }) {
    for (const { name, line } of stages)
      if (name === 'scratch' || name === 'context')
        yield { line, message: `A stage is named "${name}"` };
  },
});

const LABEL_KEY = /^[a-z](?:[a-z0-9._/-]*[a-z0-9])?$/;
const RESERVED = /^(?:com\.docker|io\.docker|org\.dockerproject)\./;

const LABEL_NAME = dockerfileCheck({
  id: 'dockerfile/label-name',
  title: 'Names of labels are as Docker wants them',
  severity: 'low',
  mode: 'warn',
  reference: 'DL3048',
  why: 'Tools look for small letters, numbers, dots and dashes, and some names are reserved.',
  remedy: 'Rename the label, such as "org.example.some-name"',
  *find(dockerfile) {
    for (const { pairs } of instructionsOf(dockerfile, 'LABEL'))
      for (const { name, line } of pairs) {
        const isGood = LABEL_KEY.test(name) && !/\.\.|--/.test(name) && !RESERVED.test(name);
        if (!isGood) yield { line, message: `"${printable(name, 80)}" is no good name of a label` };
      }
  },
});

/** Whether a text uses a variable. */
const uses = (text: string, name: string): boolean =>
  text.includes(`\${${name}}`) ||
  text.split(`$${name}`).some((rest, at) => at > 0 && !/^\w/.test(rest));

/** Names that are looked for: an ENV with more is rare, and each is looked for in each. */
const MAX_NAMES = 100;

function usesOwn({ pairs }: Instruction, known: ReadonlySet<string>): string | undefined {
  const names = pairs.slice(0, MAX_NAMES).filter(({ name }) => name !== '' && !known.has(name));
  return names.find(({ name }) =>
    pairs.some((other) => other.name !== name && uses(other.value ?? '', name)),
  )?.name;
}

const ENV_ITSELF = dockerfileCheck({
  id: 'dockerfile/env-itself',
  title: 'ENV uses no variable that it sets itself',
  severity: 'medium',
  mode: 'warn',
  reference: 'DL3044',
  why: 'All values of an ENV are made before any of them holds, so the variable is empty.',
  remedy: 'Set the other variable in an ENV of its own before',
  *find({ instructions }) {
    const known = new Set<string>();
    for (const instruction of instructions) {
      const { keyword, pairs, line } = instruction;
      if (keyword !== 'ENV' && keyword !== 'ARG') continue;
      const own = keyword === 'ENV' ? usesOwn(instruction, known) : undefined;
      if (own !== undefined) yield { line, message: `"${printable(own)}" is used where it is set` };
      for (const { name } of pairs) known.add(name);
    }
  },
});

/** Names of stages, labels and variables. */
export const NAME_CHECKS = [STAGE_UNIQUE, STAGE_RESERVED, LABEL_NAME, ENV_ITSELF];
