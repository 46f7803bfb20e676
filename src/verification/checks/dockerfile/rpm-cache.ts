import type { Instruction } from '../../dockerfile/dockerfile.js';
import type { Command } from '../../dockerfile/shell/command.js';
import { operands } from './command-flags.js';
import { dockerfileCheck } from './dockerfile-check.js';
import type { Finding } from './dockerfile-check.js';
import { installOf } from './install-commands.js';
import { hasMount, inLastImage } from './of-instructions.js';
import { removes } from './package-caches.js';

/** Who keeps what, how it is said to go, and where it is. */
const CLEANERS = [
  { programs: /^yum$/, folder: '/var/cache/yum', clean: ['clean'], name: 'yum clean all' },
  { programs: /^(?:micro)?dnf$/, folder: '/var/cache/', clean: ['clean'], name: 'dnf clean all' },
  { programs: /^zypper$/, folder: '/var/cache/zypp', clean: ['clean', 'cc'], name: 'zypper clean' },
] as const;

/** yum, dnf and zypper clean up. */
export const RPM_CACHE = dockerfileCheck({
  id: 'dockerfile/rpm-cache',
  title: 'No cache of yum, dnf or zypper is kept in the image',
  severity: 'low',
  mode: 'warn',
  reference: 'DL3032, DL3036, DL3040',
  why: 'What they keep makes the image larger, also when a later RUN removes it.',
  remedy: 'End the same RUN with "yum clean all", "dnf clean all" or "zypper clean"',
  *find(dockerfile) {
    for (const instruction of inLastImage(dockerfile)) yield* leftBy(instruction);
  },
});

const fills = (command: Command): boolean =>
  installOf(command, 'rpm') !== undefined ||
  /^(?:up(?:date|grade|-min|grade-minimal)?|dist-upgrade|dup|rei)$/.test(
    operands(command)[0] ?? '',
  );

function* leftBy(instruction: Instruction): Generator<Finding> {
  const { keyword, commands } = instruction;
  for (const { programs, folder, clean, name } of keyword === 'RUN' ? CLEANERS : []) {
    const isOwn = ({ program }: Command): boolean => programs.test(program);
    const at = commands.findLastIndex((command) => isOwn(command) && fills(command));
    const install = commands[at];
    if (install === undefined || hasMount(instruction, folder)) continue;
    const cleans = (command: Command): boolean =>
      isOwn(command) && clean.some((word) => operands(command).includes(word));
    const later = commands.slice(at + 1);
    if (later.some((command) => cleans(command) || removes(command, folder))) continue;
    yield { line: install.line, message: `"${name}" is missing after the install` };
  }
}
