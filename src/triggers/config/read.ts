import type { FileHandle } from 'node:fs/promises';
import { constants, open } from 'node:fs/promises';
import { codeOf, signatureOf } from './entry.js';
import type { FileEntry, UnusableEntry } from './entry.js';

export type Reading =
  | { readonly kind: 'text'; readonly text: string }
  /** Another content than the entry speaks of: look again. */
  | { readonly kind: 'changed' }
  | UnusableEntry;

/** Never waits for the writer of a FIFO, never follows a link put there since the look. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

/** Reads a file of a look, if it is still the same one, before and after. Does not reject. */
export async function readEntry(entry: FileEntry): Promise<Reading> {
  try {
    const handle = await open(entry.path, FLAGS);
    try {
      return await readUnchanged(handle, entry);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ELOOP') return { kind: 'changed' };
    return unusable(`Cannot be read (${code})`);
  }
}

async function readUnchanged(handle: FileHandle, entry: FileEntry): Promise<Reading> {
  if (!(await isSame(handle, entry))) return { kind: 'changed' };
  const buffer = Buffer.alloc(entry.size);
  const length = await fill(handle, buffer);
  if (length < entry.size || !(await isSame(handle, entry))) return { kind: 'changed' };
  return decode(buffer);
}

async function isSame(handle: FileHandle, entry: FileEntry): Promise<boolean> {
  return signatureOf(await handle.stat({ bigint: true })) === entry.signature;
}

/** Bytes read: less than the buffer holds at the end of the file. */
async function fill(handle: FileHandle, buffer: Buffer): Promise<number> {
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return length;
}

const unusable = (reason: string): Reading => ({ kind: 'unusable', reason, isElsewhere: false });

function decode(buffer: Buffer): Reading {
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(buffer) };
  } catch {
    return unusable('Is not UTF-8 text');
  }
}
