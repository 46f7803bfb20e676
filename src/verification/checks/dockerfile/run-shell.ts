import { printable } from '../../../lib/printable.js';
import type { Instruction } from '../../dockerfile/dockerfile.js';
import { commandCheck } from './command-check.js';
import { dockerfileCheck } from './dockerfile-check.js';
import { instructionsOf } from './of-instructions.js';

const RUN_CD = commandCheck({
  id: 'dockerfile/run-cd',
  title: 'WORKDIR is used, not cd',
  severity: 'low',
  mode: 'warn',
  reference: 'DL3003',
  why: 'A cd ends with its RUN, so readers have to follow where each of them begins.',
  remedy: 'Change the folder with WORKDIR',
  wrong: ({ program }) =>
    program === 'cd' ? 'What cd changes holds only until the end of its RUN' : undefined,
});

const RUN_SUDO = commandCheck({
  id: 'dockerfile/run-sudo',
  title: 'No step uses sudo',
  severity: 'medium',
  mode: 'warn',
  reference: 'DL3004',
  why: 'A container lacks the terminal and the rights that sudo needs, and the program stays in the image.',
  remedy: 'Do it before USER, or set USER root and back',
  wrong: ({ program, wrappers }) =>
    program === 'sudo' || wrappers.includes('sudo') ? 'A step uses sudo' : undefined,
});

/** What is for a whole machine, or for somebody who sits at it. */
const USELESS: ReadonlySet<string> = new Set([
  ...['free', 'ifconfig', 'kill', 'mount', 'ps', 'service', 'shutdown', 'ssh', 'systemctl', 'top'],
  ...['nano', 'reboot', 'vi', 'vim'],
]);

const RUN_USELESS = commandCheck({
  id: 'dockerfile/run-useless',
  title: 'Commands make sense in a build',
  severity: 'low',
  mode: 'warn',
  reference: 'DL3001',
  why: 'Commands such as ssh, vim, service and mount are for machines that run, not for an image that is built.',
  remedy: 'Leave the command out, or do what it is for when the container runs',
  wrong: ({ program }) =>
    USELESS.has(program) ? `"${printable(program)}" has no use in a build` : undefined,
});

const RUN_SHELL_LINK = commandCheck({
  id: 'dockerfile/run-shell-link',
  title: 'SHELL sets the shell, not a link',
  severity: 'low',
  mode: 'warn',
  reference: 'DL4005',
  why: 'A link in place of /bin/sh changes the shell of every script in the image.',
  remedy: 'Use SHELL ["/bin/bash", "-c"]',
  wrong: ({ program, args }) =>
    program === 'ln' && args.includes('/bin/sh') ? 'A link takes the place of /bin/sh' : undefined,
});

const flagsOf = ({ flags }: Instruction): string =>
  JSON.stringify(flags.map(({ name, value }) => [name, value]));

const RUN_CONSECUTIVE = dockerfileCheck({
  id: 'dockerfile/run-consecutive',
  title: 'RUN instructions of one command in a row are one',
  severity: 'low',
  mode: 'warn',
  reference: 'DL3059',
  why: 'Each RUN makes a layer of its own.',
  remedy: 'Join them with "&&", or with a list of lines',
  *find({ instructions }) {
    let before: Instruction | undefined;
    for (const instruction of instructions) {
      const { keyword, line, commands } = instruction;
      const follows = before?.keyword === 'RUN' && keyword === 'RUN';
      if (follows && before !== undefined && flagsOf(before) === flagsOf(instruction)) {
        // Who joins some commands and not others most likely means it so.
        const isShort = Math.max(commands.length, before.commands.length) <= 1;
        if (isShort) yield { line, message: 'A RUN right after another one' };
      }
      before = instruction;
    }
  },
});

const CURL_AND_WGET = dockerfileCheck({
  id: 'dockerfile/curl-and-wget',
  title: 'Either curl or wget is used',
  severity: 'low',
  mode: 'warn',
  reference: 'DL4001',
  why: 'Two programs for the same thing make the image larger, and each can have a weakness.',
  remedy: 'Use one of them in all places',
  *find(dockerfile) {
    const seen = new Map<number, string>();
    for (const { stage = -1, commands } of instructionsOf(dockerfile, 'RUN')) {
      for (const { program, line } of commands) {
        if (program !== 'curl' && program !== 'wget') continue;
        const other = seen.get(stage) ?? program;
        if (other !== program) yield { line, message: `Both ${other} and ${program} are used` };
        else seen.set(stage, program);
      }
    }
  },
});

/** How RUN uses its shell. */
export const RUN_SHELL_CHECKS = [
  ...[RUN_CD, RUN_SUDO, RUN_USELESS, RUN_SHELL_LINK, RUN_CONSECUTIVE, CURL_AND_WGET],
];
