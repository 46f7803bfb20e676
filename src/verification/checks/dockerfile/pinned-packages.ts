import { printable } from '../../../lib/printable.js';
import type { Severity } from '../../../model/verification.js';
import type { Check } from '../../check.js';
import type { Command } from '../../dockerfile/shell/command.js';
import { commandCheck } from './command-check.js';
import { hasFlag } from './command-flags.js';
import { installOf } from './install-commands.js';
import { isOpen, isPinnedGo, isPinnedNpm, isPinnedPip } from './package-versions.js';
import type { ManagerName } from './install-commands.js';

interface Pinning {
  readonly manager: ManagerName;
  readonly what: string;
  readonly reference?: string;
  readonly severity: Severity;
  readonly example: string;
  /** Whether a package names its version. */
  isPinned(this: void, name: string): boolean;
  /** Whether the command says otherwise which versions are taken. */
  isSettled?(this: void, command: Command): boolean;
}

const PINNINGS: readonly Pinning[] = [
  {
    ...{ manager: 'apt', what: 'Debian packages', reference: 'DL3008', severity: 'low' },
    example: 'apt-get install curl=8.14.1-2',
    isPinned: (name) => /[=/]|\.deb$/.test(name),
  },
  {
    ...{ manager: 'apk', what: 'Alpine packages', reference: 'DL3018', severity: 'low' },
    example: 'apk add curl=8.14.1-r2',
    isPinned: (name) => /[=~<>]|\.apk$/.test(name),
  },
  {
    ...{ manager: 'rpm', what: 'RPM packages', severity: 'low' },
    ...{ reference: 'DL3033, DL3037, DL3041', example: 'dnf install curl-8.9.1' },
    isPinned: (name) => /-\d|[=/<>:]|\.rpm$/.test(name),
  },
  {
    ...{ manager: 'pip', what: 'Python packages', reference: 'DL3013', severity: 'medium' },
    example: 'pip install requests==2.32.5',
    isPinned: isPinnedPip,
    isSettled: (command) => hasFlag(command, '-r', '--requirement', '-c', '--constraint'),
  },
  {
    ...{ manager: 'npm', what: 'Packages of npm', reference: 'DL3016', severity: 'medium' },
    example: 'npm install -g pnpm@10.20.0',
    isPinned: isPinnedNpm,
  },
  {
    ...{ manager: 'yarn', what: 'Packages of yarn', severity: 'medium' },
    example: 'yarn add express@5.1.0',
    isPinned: isPinnedNpm,
  },
  {
    ...{ manager: 'gem', what: 'Ruby gems', reference: 'DL3028', severity: 'medium' },
    example: 'gem install bundler:2.7.2',
    isPinned: (name) => /[:]|\.gem$/.test(name),
    isSettled: (command) => hasFlag(command, '-v', '--version'),
  },
  {
    ...{ manager: 'go', what: 'Go programs', reference: 'DL3062', severity: 'medium' },
    example: 'go install example.org/tool@v1.2.3',
    isPinned: isPinnedGo,
  },
  {
    ...{ manager: 'cargo', what: 'Rust programs', severity: 'medium' },
    example: 'cargo install just@1.43.0',
    isPinned: (name) => name.includes('@'),
    isSettled: (command) => hasFlag(command, '--version', '--vers', '--path', '--rev', '--tag'),
  },
];

/** Packages that a message names. */
const MAX_NAMED = 5;

/** Packages are installed in a version that is said. */
export const PINNED_CHECKS: readonly Check[] = PINNINGS.map(
  ({ manager, what, reference, severity, example, isPinned, isSettled }) =>
    commandCheck({
      ...{ id: `dockerfile/${manager}-pinned`, title: `${what} are installed in a set version` },
      ...{ severity, mode: 'warn', ...(reference !== undefined && { reference }) },
      why: 'Without a version a build of the same commit takes whatever is newest on that day.',
      remedy: `Name the version, as in "${example}"`,
      wrong(command) {
        const install = installOf(command, manager);
        if (install === undefined || isSettled?.(command) === true) return undefined;
        const open = install.packages.filter((name) => !isOpen(name) && !isPinned(name));
        const named = open.slice(0, MAX_NAMED).map((name) => `"${printable(name, 60)}"`);
        const more = open.length > MAX_NAMED ? ` and ${open.length - MAX_NAMED} more` : '';
        return open.length === 0
          ? undefined
          : `"${printable(install.called, 40)}" of ${named.join(', ')}${more} without a version`;
      },
    }),
);
