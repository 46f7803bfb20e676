import type { Instruction } from '../../dockerfile/dockerfile.js';
import { hasFlag } from './command-flags.js';
import { dockerfileCheck } from './dockerfile-check.js';
import { installOf } from './install-commands.js';
import { comesAfter, hasMount, instructionsOf } from './of-instructions.js';

const NAME = 'PIP_NO_CACHE_DIR';
const ON = /^(?:1|true|on|yes)$/i;
const SET = /^PIP_NO_CACHE_DIR=(?:1|true|on|yes)$/i;

const setsIt = ({ keyword, pairs }: Instruction): boolean =>
  keyword === 'ENV' && pairs.some(({ name, value = '' }) => name === NAME && ON.test(value));

/** Whether the instruction sets the variable itself, or lends pip a cache. */
const hasOwn = (run: Instruction): boolean =>
  hasMount(run, '.cache/pip') ||
  hasMount(run, '.cache/uv') ||
  run.commands.some(({ assignments, args }) =>
    [...assignments.map(({ text }) => text), ...args].some((text) => SET.test(text)),
  );

/** pip keeps nothing that the image does not need. */
export const PIP_CACHE = dockerfileCheck({
  id: 'dockerfile/pip-cache',
  title: 'No cache of pip is kept in the image',
  severity: 'low',
  mode: 'warn',
  reference: 'DL3042',
  why: 'The cache has every package a second time, which often doubles the size of what it installs.',
  remedy: 'Use "pip install --no-cache-dir", or set PIP_NO_CACHE_DIR=1',
  *find(dockerfile) {
    const isSet = comesAfter(dockerfile, setsIt);
    for (const run of instructionsOf(dockerfile, 'RUN')) {
      if (isSet(run) || hasOwn(run)) continue;
      for (const command of run.commands) {
        const isOff = hasFlag(command, '--no-cache-dir', '--no-cache');
        if (installOf(command, 'pip') !== undefined && command.program !== 'pipx' && !isOff)
          yield { line: command.line, message: '"pip install" without --no-cache-dir' };
      }
    }
  },
});
