import { printable } from '../../../lib/printable.js';
import { INSTRUCTIONS } from '../../dockerfile/known-instructions.js';
import { dockerfileCheck } from './dockerfile-check.js';
import { instructionsOf } from './of-instructions.js';

/** What is no word may be a part of another instruction, with a secret in it. */
const unknown = (keyword: string): string =>
  /^[A-Z]{1,20}$/.test(keyword)
    ? `There is no instruction "${keyword}"`
    : 'The line begins with no instruction';

const KNOWN_INSTRUCTION = dockerfileCheck({
  id: 'dockerfile/known-instruction',
  title: 'Every instruction is one that there is',
  severity: 'high',
  mode: 'enforce',
  why: 'The build fails with it, or whatever reads it knows something that is not checked here.',
  remedy: 'Correct the instruction, or end the line before it with "\\"',
  *find({ instructions }) {
    for (const { keyword, line } of instructions)
      if (!INSTRUCTIONS.has(keyword)) yield { line, message: unknown(keyword) };
  },
});

const FROM_FIRST = dockerfileCheck({
  id: 'dockerfile/from-first',
  title: 'Only ARG comes before the first FROM',
  severity: 'medium',
  mode: 'warn',
  reference: 'DL3061',
  why: 'There is nothing yet that another instruction could change.',
  remedy: 'Begin with FROM',
  *find({ instructions }) {
    for (const { keyword, line, stage } of instructions)
      if (stage === undefined && keyword !== 'ARG' && INSTRUCTIONS.has(keyword))
        yield { line, message: `${keyword} comes before the first FROM` };
  },
});

const ABSOLUTE = /^["']?(?:[/\\$]|[a-zA-Z]:[/\\])/;

const WORKDIR_ABSOLUTE = dockerfileCheck({
  id: 'dockerfile/workdir-absolute',
  title: 'WORKDIR is a whole path',
  severity: 'low',
  mode: 'warn',
  reference: 'DL3000',
  why: 'A relative one depends on those before it and on the base image.',
  remedy: 'Begin the path with "/"',
  *find(dockerfile) {
    for (const { line, words, source } of instructionsOf(dockerfile, 'WORKDIR'))
      if (!ABSOLUTE.test(source.text))
        yield { line, message: `"${printable(words[0]?.text ?? '')}" is relative` };
  },
});

const JSON_FORM = dockerfileCheck({
  id: 'dockerfile/json-form',
  title: 'CMD and ENTRYPOINT are lists',
  severity: 'medium',
  mode: 'warn',
  reference: 'DL3025',
  why: 'As a text it is run by a shell, which does not pass on the signal to stop: the module is killed after the grace period.',
  remedy: 'Write it as a list: CMD ["program", "argument"]',
  *find(dockerfile) {
    for (const { line, json, keyword } of instructionsOf(dockerfile, 'CMD', 'ENTRYPOINT'))
      if (json === undefined) yield { line, message: `${keyword} is run by a shell` };
  },
});

const MAINTAINER = dockerfileCheck({
  id: 'dockerfile/maintainer',
  title: 'MAINTAINER is not used',
  severity: 'low',
  mode: 'warn',
  reference: 'DL4000',
  why: 'The instruction is deprecated.',
  remedy: 'Use LABEL org.opencontainers.image.authors="…"',
  *find(dockerfile) {
    for (const { line } of instructionsOf(dockerfile, 'MAINTAINER'))
      yield { line, message: 'MAINTAINER is deprecated' };
  },
});

const ONBUILD_NESTED = dockerfileCheck({
  id: 'dockerfile/onbuild-nested',
  title: 'ONBUILD holds what it may',
  severity: 'medium',
  mode: 'warn',
  reference: 'DL3043',
  why: 'ONBUILD, FROM and MAINTAINER are not allowed in it, and the build fails.',
  remedy: 'Leave the instruction out',
  *find({ instructions }) {
    for (const { line, keyword, isTrigger } of instructions)
      if (isTrigger && /^(?:ONBUILD|FROM|MAINTAINER)$/.test(keyword))
        yield { line, message: `ONBUILD holds ${keyword}` };
  },
});

/** How instructions are written. */
export const INSTRUCTION_CHECKS = [
  ...[KNOWN_INSTRUCTION, FROM_FIRST, WORKDIR_ABSOLUTE, JSON_FORM, MAINTAINER, ONBUILD_NESTED],
];
