import { printable } from '../../../lib/printable.js';
import type { Instruction } from '../../dockerfile/dockerfile.js';
import { sourcesOf } from './add.js';
import { dockerfileCheck } from './dockerfile-check.js';
import { comesAfter, flagOf, instructionsOf } from './of-instructions.js';

/** Where COPY and ADD put files. */
export const targetOf = ({ json, words }: Instruction): string =>
  json === undefined ? (words.at(-1)?.text ?? '') : (json.at(-1) ?? '');

const COPY_FOLDER = dockerfileCheck({
  id: 'dockerfile/copy-folder',
  title: 'Several files are copied into a folder',
  severity: 'medium',
  mode: 'warn',
  reference: 'DL3021',
  why: 'Without a "/" at its end the target of several files is a mistake, and the build fails.',
  remedy: 'End the target with "/"',
  *find(dockerfile) {
    for (const copy of instructionsOf(dockerfile, 'COPY'))
      if (sourcesOf(copy).length > 1 && !targetOf(copy).endsWith('/'))
        yield { line: copy.line, message: 'The target of several files does not end with "/"' };
  },
});

const COPY_RELATIVE = dockerfileCheck({
  id: 'dockerfile/copy-relative',
  title: 'A relative target has a WORKDIR before it',
  severity: 'low',
  mode: 'warn',
  reference: 'DL3045',
  why: 'Without WORKDIR it depends on the base image where the files go.',
  remedy: 'Set WORKDIR before, or name the whole path',
  *find(dockerfile) {
    const hasWorkdir = comesAfter(dockerfile, ({ keyword }) => keyword === 'WORKDIR');
    for (const copy of instructionsOf(dockerfile, 'COPY')) {
      const isFixed = /^(?:[/\\$]|[a-zA-Z]:|$)/.test(targetOf(copy));
      if (!isFixed && !hasWorkdir(copy))
        yield { line: copy.line, message: 'A relative target without WORKDIR' };
    }
  },
});

const COPY_EVERYTHING = dockerfileCheck({
  id: 'dockerfile/copy-everything',
  title: 'No whole file system is copied from another stage',
  severity: 'medium',
  mode: 'warn',
  reference: 'DL3067',
  why: 'A copy of all files brings what the stage was to leave out: tools, caches, secrets.',
  remedy: 'Copy the folders that are needed',
  *find(dockerfile) {
    for (const copy of instructionsOf(dockerfile, 'COPY'))
      if (flagOf(copy, 'from') !== undefined && sourcesOf(copy).includes('/'))
        yield {
          line: copy.line,
          message: `All of "${printable(flagOf(copy, 'from') ?? '')}" is copied`,
        };
  },
});

/** How files are copied. */
export const COPY_CHECKS = [COPY_FOLDER, COPY_RELATIVE, COPY_EVERYTHING];
