import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { PRIVATE_FILE, PRIVATE_FOLDER } from '../../lib/durable-file.js';
import type { RegistrarError } from '../../model/errors.js';
import { KEY_BYTES, keyOf, keysIn, unusableKey } from './keys.js';
import type { Key, KeyRing } from './keys.js';

/** Permissions of anybody but the owner. */
const OTHERS = 0o077;
/** More than keys take: a file that is larger is something else. */
const MAX_FILE_BYTES = 1024;

/** The keys in a file, undefined when there is no file. SECRET_UNREADABLE when it cannot be used. */
export function readKeys(path: string): KeyRing | undefined {
  const file = openKey(path);
  if (file === undefined) return undefined;
  try {
    return ringIn(file, path);
  } finally {
    closeSync(file);
  }
}

/** Those of the ids whose key is not in the file. SECRET_UNREADABLE when it cannot be used. */
export function keysNotIn(path: string, ids: readonly string[]): string[] {
  const present = (readKeys(path) ?? []).map(({ id }) => id);
  return ids.filter((id) => !present.includes(id));
}

/** Makes a key and its file. */
export function makeKey(path: string): Key {
  const key = newKey();
  writeKeys(path, [key]);
  return key;
}

export const newKey = (): Key => keyOf(randomBytes(KEY_BYTES));

/** Writes a file of keys, which is there as a whole or as it was before, in a folder of its own. */
export function writeKeys(path: string, ring: KeyRing): void {
  const folder = dirname(path);
  const text = ring.map(({ bytes }) => `${bytes.toString('base64')}\n`).join('');
  try {
    mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
    const draft = `${path}.tmp`;
    // Of a daemon that was killed in between: nothing was encrypted with what is in it.
    rmSync(draft, { force: true });
    writeFileSync(draft, text, { flag: 'wx', mode: PRIVATE_FILE });
    sync(draft);
    renameSync(draft, path);
    sync(folder);
  } catch (cause) {
    throw unusable(path, `cannot be written: ${(cause as Error).message}`, cause);
  }
}

function sync(path: string): void {
  const file = openSync(path, constants.O_RDONLY);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function openKey(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unusable(path, `cannot be read: ${(cause as Error).message}`, cause);
  }
}

function ringIn(file: number, path: string): KeyRing {
  const { mode, size } = fstatSync(file);
  if ((mode & constants.S_IFMT) !== constants.S_IFREG || size > MAX_FILE_BYTES) {
    throw unusable(path, 'is not a file with a key: put the one back that was there');
  }
  if ((mode & OTHERS) !== 0) {
    throw unusable(path, `is open to other users: run "chmod 600 ${path}"`);
  }
  const ring = keysIn(readFileSync(file, 'utf8'));
  if (ring !== undefined) return ring;
  throw unusable(path, 'does not hold a key: put the one back that was there');
}

const unusable = (path: string, problem: string, cause?: unknown): RegistrarError =>
  unusableKey(`Key file "${path}" ${problem}`, cause);
