import { quoted, unreadable } from './unreadable.js';

/** Longest path that Linux opens, in bytes. */
const MAX_PATH = 4096;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a name; SOURCE_UNREADABLE when it is no UTF-8, since two could then look the same. */
export function nameOf(bytes: Buffer): string {
  try {
    return decoder.decode(bytes);
  } catch {
    const shown = quoted(bytes.toString('latin1'));
    throw unreadable(`the name ${shown} is not UTF-8; rename it`);
  }
}

/** The path itself when it stays in its tree and says so in one way only, else SOURCE_UNREADABLE. */
export function treePath(path: string): string {
  if (Buffer.byteLength(path) > MAX_PATH) throw unreadable(`${quoted(path)} is too long a path`);
  const isPlain = path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
  if (!isPlain || path.includes('\0')) throw unreadable(`${quoted(path)} is no path inside of it`);
  return path;
}

/** The folder that holds a path; `''` for the root. */
export const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** The last part of a path. */
export const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** A path inside of a folder; `''` and `.` are the root. */
export const inFolder = (folder: string, path: string): string =>
  folder === '' || folder === '.' ? path : `${folder}/${path}`;
