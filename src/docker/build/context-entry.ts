import { posix } from 'node:path';
import type { Header } from 'tar-stream';
import { RegistrarError } from '../../model/errors.js';
import { cleanText } from '../errors.js';

/** What a context may be made of. */
const TYPES: readonly string[] = ['file', 'directory', 'symlink'];

/** Of what git could not tell as UTF-8. */
const REPLACEMENT = '\u{fffd}';

/**
 * A path in an archive or in a manifest, without `.` and slashes at its ends; empty for the top.
 * undefined for one that leads out.
 */
export function plainPath(path: string): string | undefined {
  const isOdd = path.startsWith('/') || path.includes('\0') || path.includes(REPLACEMENT);
  const isOut = path.split('/').includes('..');
  if (isOdd || isOut) return undefined;
  return posix.normalize(path).replace(/\/$/, '').replace(/^\.$/, '');
}

/** Path of an entry below a folder, undefined when it is elsewhere. BUILD_FAILED for a bad entry. */
export function pathBelow(folder: string, { name, type }: Header): string | undefined {
  const path = plainPath(name);
  if (path === undefined) throw refused(name, 'its path leads out of the archive or is not UTF-8');
  const prefix = folder === '' ? '' : `${folder}/`;
  if (path === '' || !path.startsWith(prefix)) return undefined;
  if (!TYPES.includes(type)) throw refused(name, `it is a ${type}`);
  return path.slice(prefix.length);
}

/** That of a plain checkout. */
const modeOf = ({ type, mode }: Header): number =>
  type === 'file' && (mode & 0o100) === 0 ? 0o644 : 0o755;

/**
 * The entry as it is sent to the engine: of root, with the modes of a plain checkout, and without
 * what else a header may carry, such as extended attributes. So the same commit is the same context.
 */
export function contextEntry(header: Header, name: string): Header {
  const { type, size, mtime, linkname } = header;
  return {
    ...{ name, type, linkname, mtime, mode: modeOf(header) },
    size: type === 'file' ? size : 0,
    ...{ uid: 0, gid: 0, uname: '', gname: '', devmajor: 0, devminor: 0 },
  };
}

/** What git's own archives have in extended headers. */
const HARMLESS: ReadonlySet<string> = new Set(['comment', 'path', 'linkpath', 'size', 'mtime']);

/** Whether an entry of an archive can be sent as it is: it says no more than contextEntry would. */
export function isContextEntry(header: Header): boolean {
  const { type, mode, uid, gid, pax } = header;
  // The mode of a link means nothing.
  const isPlain = uid === 0 && gid === 0 && (type === 'symlink' || mode === modeOf(header));
  return isPlain && Object.keys(pax ?? {}).every((key) => HARMLESS.has(key));
}

function refused(name: string, why: string): RegistrarError {
  const message = `Cannot build from a commit with "${cleanText(name)}": ${why}; remove it`;
  return new RegistrarError('BUILD_FAILED', message);
}
