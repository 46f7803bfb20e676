import type { Command } from '../../dockerfile/shell/command.js';
import { commandCheck } from './command-check.js';
import { hasFlag, operands } from './command-flags.js';
import { dockerfileCheck } from './dockerfile-check.js';
import { installOf } from './install-commands.js';
import { hasMount, inLastImage } from './of-instructions.js';

/** Whether a command removes a folder or something in it. */
export const removes = ({ program, args }: Command, folder: string): boolean =>
  program === 'rm' && args.some((arg) => arg.startsWith(folder));

const isAptUpdate = (command: Command): boolean =>
  /^(?:apt|apt-get|aptitude)$/.test(command.program) && operands(command)[0] === 'update';

const APT_LISTS = dockerfileCheck({
  id: 'dockerfile/apt-lists',
  title: 'Lists of Debian packages do not stay in the image',
  severity: 'low',
  mode: 'warn',
  reference: 'DL3009',
  why: 'They are some 40 MB that are old the next day, and what a later RUN removes stays in the image.',
  remedy: 'End the same RUN with "rm -rf /var/lib/apt/lists/*"',
  *find(dockerfile) {
    for (const instruction of inLastImage(dockerfile)) {
      const { keyword, commands } = instruction;
      const at = commands.findLastIndex(isAptUpdate);
      const update = commands[at];
      const isMounted = hasMount(instruction, '/var/lib/apt');
      if (keyword !== 'RUN' || update === undefined || isMounted) continue;
      if (commands.slice(at + 1).some((command) => removes(command, '/var/lib/apt'))) continue;
      yield { line: update.line, message: 'The lists of "apt-get update" stay in the image' };
    }
  },
});

const APT_UPDATE = dockerfileCheck({
  id: 'dockerfile/apt-update',
  title: 'Lists of Debian packages are fetched where they are used',
  severity: 'low',
  mode: 'warn',
  why: 'A RUN of its own is kept from earlier builds, so later installs use lists that are long out of date.',
  remedy: 'Join them: "RUN apt-get update && apt-get install …"',
  *find({ instructions }) {
    for (const { keyword, commands } of instructions) {
      const update = commands.find(isAptUpdate);
      const installs = commands.some((command) => installOf(command, 'apt') !== undefined);
      if (keyword === 'RUN' && update !== undefined && !installs && commands.length <= 2)
        yield { line: update.line, message: '"apt-get update" stands in a RUN without an install' };
    }
  },
});

const APK_CACHE = commandCheck({
  id: 'dockerfile/apk-cache',
  title: 'No cache of apk is kept in the image',
  severity: 'low',
  mode: 'warn',
  reference: 'DL3019',
  why: 'The index that apk keeps makes the image larger and is of no use in it.',
  remedy: 'Use "apk add --no-cache"',
  wrong(command, { instruction }) {
    if (installOf(command, 'apk') === undefined || hasFlag(command, '--no-cache')) return undefined;
    return hasMount(instruction, '/var/cache/apk') ? undefined : '"apk add" without --no-cache';
  },
});

const YARN_CACHE = dockerfileCheck({
  id: 'dockerfile/yarn-cache',
  title: 'No cache of yarn is kept in the image',
  severity: 'low',
  mode: 'warn',
  reference: 'DL3060',
  why: 'The cache has every package a second time, and makes the image larger.',
  remedy: 'End the same RUN with "yarn cache clean"',
  *find(dockerfile) {
    for (const instruction of inLastImage(dockerfile)) {
      const own = instruction.commands.filter(({ program }) => program === 'yarn');
      const at = own.findLastIndex(({ args }) => args[0] === 'install');
      const install = own[at];
      const cleans = own
        .slice(at + 1)
        .some(({ args }) => args[0] === 'cache' && args[1] === 'clean');
      const isMounted = hasMount(instruction, 'yarn');
      if (instruction.keyword === 'RUN' && install !== undefined && !cleans && !isMounted)
        yield { line: install.line, message: '"yarn cache clean" is missing after the install' };
    }
  },
});

/** What package managers leave in the image. */
export const CACHE_CHECKS = [...[APT_LISTS, APT_UPDATE, APK_CACHE, YARN_CACHE]];
