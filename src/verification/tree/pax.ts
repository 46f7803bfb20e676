import { unreadable } from './unreadable.js';

/** What stands before an entry, or before all, in place of what its header has no room for. */
export interface PaxRecords {
  readonly path?: Buffer;
  readonly linkpath?: Buffer;
  readonly size?: number;
}

/** Keys that change nothing of what is looked at. */
const IDLE = new Set(['comment', 'mtime', 'atime', 'ctime', 'uid', 'gid', 'uname', 'gname']);

/** Digits of the longest length that a record can have here. */
const MAX_LENGTH_DIGITS = 7;

/**
 * Reads pax records: `LENGTH KEY=VALUE\n`, one after another. SOURCE_UNREADABLE for a key that
 * readers of archives take in different ways, such as those of sparse files.
 */
export function readPax(bytes: Buffer): PaxRecords {
  const records = new Map<string, Buffer>();
  for (let from = 0; from < bytes.length;) {
    const { key, value, next } = recordAt(bytes, from);
    if (records.has(key)) throw unreadable('the archive says the same thing twice');
    records.set(key, value);
    from = next;
  }
  return meaningOf(records);
}

function recordAt(bytes: Buffer, from: number): { key: string; value: Buffer; next: number } {
  const start = bytes.toString('latin1', from, from + MAX_LENGTH_DIGITS + 1);
  const digits = /^[1-9][0-9]*(?= )/.exec(start)?.[0] ?? '';
  const next = from + Number(digits);
  const equals = bytes.indexOf('=', from);
  const isWhole = digits !== '' && next <= bytes.length && bytes[next - 1] === 0x0a;
  if (!isWhole || equals === -1 || equals >= next)
    throw unreadable('a pax record of the archive cannot be read');
  const key = bytes.toString('latin1', from + digits.length + 1, equals);
  return { key, value: bytes.subarray(equals + 1, next - 1), next };
}

function meaningOf(records: ReadonlyMap<string, Buffer>): PaxRecords {
  const [path, linkpath, size] = ['path', 'linkpath', 'size'].map((key) => records.get(key));
  for (const key of records.keys()) {
    const isKnown = IDLE.has(key) || ['path', 'linkpath', 'size'].includes(key);
    if (!isKnown) throw unreadable('the archive uses an extension that git does not write');
  }
  return {
    ...(path !== undefined && { path }),
    ...(linkpath !== undefined && { linkpath }),
    ...(size !== undefined && { size: sizeIn(size.toString('latin1')) }),
  };
}

function sizeIn(text: string): number {
  if (!/^(?:0|[1-9][0-9]{0,14})$/.test(text))
    throw unreadable('a size in the archive is no number');
  return Number(text);
}
