import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { codeOf } from './entry.js';
import type { Entry } from './entry.js';
import { TooMuch, walk } from './walk.js';
import type { LookLimits } from './walk.js';

/** What one look at the directory found; no file has been opened. */
export type Look =
  | { readonly kind: 'missing' | 'unreadable'; readonly message: string }
  | {
      readonly kind: 'present';
      /** Another one means another directory of the same path. */
      readonly identity: string;
      /** Keys are paths relative to the directory, with `/`. */
      readonly entries: ReadonlyMap<string, Entry>;
    };

/** 256 KiB is what the YAML parser may be given; the others bound memory and the time of a look. */
export const LOOK_LIMITS: LookLimits = {
  fileBytes: 256 * 1024,
  totalBytes: 64 * 1024 * 1024,
  files: 10_000,
  entries: 100_000,
};

/** Lists the manifests of a directory and of its plain subfolders. Does not reject. */
export async function lookAt(directory: string, limits: LookLimits = LOOK_LIMITS): Promise<Look> {
  try {
    const root = await realpath(directory);
    const { dev, ino } = await stat(root);
    return { kind: 'present', identity: `${dev}:${ino}`, entries: await walk(root, limits) };
  } catch (error) {
    return failedLook(resolve(directory), error);
  }
}

function failedLook(directory: string, error: unknown): Look {
  const shown = `Config directory "${directory}"`;
  if (error instanceof TooMuch) {
    return { kind: 'unreadable', message: `${shown} ${error.message}` };
  }
  const code = codeOf(error);
  if (code === 'ENOENT') return { kind: 'missing', message: `${shown} does not exist` };
  if (code === 'ENOTDIR') return { kind: 'unreadable', message: `${shown} is not a directory` };
  return { kind: 'unreadable', message: `${shown} cannot be read (${code})` };
}
