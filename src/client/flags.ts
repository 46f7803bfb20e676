import { string as stringArg } from '@oclif/core/args';
import { boolean, string } from '@oclif/core/flags';
import { parseDurationMs } from '../lib/duration.js';
import { RegistrarError } from '../model/errors.js';

/** Flags and arguments that mean the same in every command. */

export const filenameFlags = {
  filename: string({
    char: 'f',
    multiple: true,
    multipleNonGreedy: true,
    helpValue: '<path>',
    summary: 'File, folder of manifests, or - for standard input; may be repeated',
  }),
  recursive: boolean({ char: 'R', summary: 'Look below the folders given with -f too' }),
};

export const selectorFlag = string({
  char: 'l',
  helpValue: '<labels>',
  summary: 'Label selector, such as subnet=17,tier!=test',
});

export const dryRunFlag = string({
  options: ['none', 'server'],
  default: 'none',
  summary: 'With "server", checks everything on the server but stores nothing',
});

export const timeoutFlag = (value: string, summary: string) =>
  string({ default: value, helpValue: '<duration>', summary });

/** The argument as help shows it; commands that take several read `argv`. */
export const nameArg = (description: string) => stringArg({ description, ignoreStdin: true });

export const moduleArg = stringArg({
  description: 'Name of a module',
  required: true,
  ignoreStdin: true,
});

export const secretNameArg = stringArg({
  description: 'Name of the Secret',
  required: true,
  ignoreStdin: true,
});

/** Milliseconds that a flag says. BAD_REQUEST when it says none. */
export function durationMsOf(flag: string, text: string): number {
  const durationMs = parseDurationMs(text);
  if (durationMs !== undefined) return durationMs;
  throw new RegistrarError(
    'BAD_REQUEST',
    `Cannot read ${flag} "${text}" as a duration; write it like 30s, 5m or 1h30m`,
  );
}

/** What a flag of whole numbers from 0 says. BAD_REQUEST when it says something else. */
export function countOf(flag: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new RegistrarError('BAD_REQUEST', `Cannot read ${flag} "${text}" as a whole number from 0`);
}

/** What is put after the line about an object that was not really written. */
export const dryRunSuffix = (dryRun: boolean): string => (dryRun ? ' (server dry run)' : '');
