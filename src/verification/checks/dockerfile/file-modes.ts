import type { Command } from '../../dockerfile/shell/command.js';
import type { Dockerfile } from '../../dockerfile/dockerfile.js';
import { flagValue, operands } from './command-flags.js';
import { dockerfileCheck } from './dockerfile-check.js';
import { buildCommands, flagOf, instructionsOf } from './of-instructions.js';

interface Given {
  readonly line: number;
  readonly mode: string;
}

function modeOf(command: Command): string | undefined {
  if (command.program === 'chmod') return operands(command).at(0);
  if (command.program === 'install' || command.program === 'mkdir')
    return flagValue(command, '-m', '--mode');
  return undefined;
}

/** Modes that chmod, install and mkdir set, and --chmod of COPY and ADD. */
function* modesIn(dockerfile: Dockerfile): Generator<Given> {
  for (const { command } of buildCommands(dockerfile)) {
    const mode = modeOf(command);
    if (mode !== undefined) yield { line: command.line, mode };
  }
  for (const instruction of instructionsOf(dockerfile, 'COPY', 'ADD')) {
    const mode = flagOf(instruction, 'chmod');
    if (mode !== undefined) yield { line: instruction.line, mode };
  }
}

const OCTAL = /^0*([0-7]{1,4})$/;

/** Whether all may write; with the sticky bit they may only add, as in /tmp. */
function isWritableByAll(mode: string): boolean {
  const [, digits] = OCTAL.exec(mode) ?? [];
  const bits = Number.parseInt(digits ?? '0', 8);
  if (digits !== undefined) return (bits & 0o002) !== 0 && (bits & 0o1000) === 0;
  return mode.split(',').some((part) => /^[ug]*[ao][ugoa]*[+=][rxXst]*w/.test(part));
}

function hasSetId(mode: string): boolean {
  const [, digits] = OCTAL.exec(mode) ?? [];
  if (digits !== undefined) return (Number.parseInt(digits, 8) & 0o6000) !== 0;
  return mode.split(',').some((part) => /^[ugoa]*[+=][rwxX]*s/.test(part));
}

const WRITABLE_BY_ALL = dockerfileCheck({
  id: 'dockerfile/writable-by-all',
  title: 'No file may be written by everybody',
  severity: 'medium',
  mode: 'warn',
  why: 'Whoever gets into the container as any user can exchange such a file, programs included.',
  remedy: 'Give the file to its user with chown, and set 755 or less',
  *find(dockerfile) {
    for (const { line, mode } of modesIn(dockerfile))
      if (isWritableByAll(mode)) yield { line, message: 'Everybody may write the file' };
  },
});

const SET_ID = dockerfileCheck({
  id: 'dockerfile/set-id',
  title: 'No file is given a set-uid or set-gid bit',
  severity: 'high',
  mode: 'warn',
  why: 'Such a program runs with the rights of its owner, whoever starts it. In a module it does not work: containers may not gain rights.',
  remedy: 'Leave the bit out, and run as the user that is needed',
  *find(dockerfile) {
    for (const { line, mode } of modesIn(dockerfile))
      if (hasSetId(mode)) yield { line, message: 'The file is given a set-uid or set-gid bit' };
  },
});

/** Rights of files. */
export const FILE_MODE_CHECKS = [WRITABLE_BY_ALL, SET_ID];
