import type { Command } from '../../dockerfile/shell/command.js';
import { commandCheck } from './command-check.js';
import { hasFlag } from './command-flags.js';
import { installOf } from './install-commands.js';

const isQuiet = ({ args }: Command): boolean =>
  args.includes('-q=2') || args.filter((arg) => arg === '-q' || arg === '--quiet').length === 2;

const APT_YES = commandCheck({
  id: 'dockerfile/apt-yes',
  title: 'Installs with apt-get ask nothing',
  severity: 'low',
  mode: 'warn',
  reference: 'DL3014',
  why: 'Nobody can answer during a build, so a question ends it.',
  remedy: 'Use "apt-get install -y"',
  wrong(command) {
    if (installOf(command, 'apt') === undefined) return undefined;
    const answers = hasFlag(command, '-y', '--yes', '--assume-yes', '-qq') || isQuiet(command);
    return answers ? undefined : '"apt-get install" without -y';
  },
});

const RPM_YES = commandCheck({
  id: 'dockerfile/rpm-yes',
  title: 'Installs with yum, dnf and zypper ask nothing',
  severity: 'low',
  mode: 'warn',
  reference: 'DL3030, DL3034, DL3038',
  why: 'Nobody can answer during a build, so a question ends it.',
  remedy: 'Use the flag -y of the install, or --non-interactive of zypper',
  wrong(command) {
    const answers = ['-y', '--assumeyes', '--yes', '--no-confirm', '-n', '--non-interactive'];
    const install = installOf(command, 'rpm');
    return install === undefined || hasFlag(command, ...answers)
      ? undefined
      : `"${command.program} install" without -y`;
  },
});

const APT_RECOMMENDS = commandCheck({
  id: 'dockerfile/apt-recommends',
  title: 'Only what is asked for is installed with apt-get',
  severity: 'low',
  mode: 'warn',
  reference: 'DL3015',
  why: 'Recommended packages make the image larger, and each can have a weakness.',
  remedy: 'Use "apt-get install --no-install-recommends"',
  wrong(command) {
    if (installOf(command, 'apt') === undefined) return undefined;
    const isOff =
      hasFlag(command, '--no-install-recommends') ||
      command.args.some((arg) => /^(?:-o)?APT::Install-Recommends=(?:false|0|no)$/i.test(arg));
    return isOff ? undefined : '"apt-get install" without --no-install-recommends';
  },
});

const APT_TOOL = commandCheck({
  id: 'dockerfile/apt-tool',
  title: 'Scripts use apt-get, not apt',
  severity: 'low',
  mode: 'warn',
  reference: 'DL3027',
  why: 'What apt prints and takes may change with each version: it is for people.',
  remedy: 'Use apt-get or apt-cache',
  wrong: ({ program }) =>
    program === 'apt' ? 'A script uses apt, which is meant for people' : undefined,
});

/** How package managers are called. */
export const PACKAGE_FLAG_CHECKS = [APT_YES, RPM_YES, APT_RECOMMENDS, APT_TOOL];
