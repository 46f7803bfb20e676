import { readPax } from './pax.js';
import type { PaxRecords } from './pax.js';
import { BLOCK, readHeader } from './tar-header.js';
import type { TarHeader } from './tar-header.js';
import type { EntryType, TreeEntry } from './tree.js';
import { nameOf, treePath } from './tree-path.js';
import { quoted, unreadable } from './unreadable.js';

/** An entry, and where in the archive its contents begin. */
export interface TarEntry extends TreeEntry {
  readonly offset: number;
}

/** The bytes of an archive. */
export interface ArchiveBytes {
  readonly size: number;
  /** Exactly `length` bytes; throws when there are fewer. */
  at(offset: number, length: number): Buffer;
}

/** Longest block of pax records: two paths of the longest kind, and room. */
const MAX_PAX_BYTES = 64 * 1024;

/** What may follow the end of an archive: git fills up to 10,240 bytes. */
const MAX_PADDING = 64 * 1024;

const TYPES: Readonly<Record<string, EntryType>> = {
  ...{ '0': 'file', '2': 'symlink', '5': 'folder' },
  ...{ '3': 'special', '4': 'special', '6': 'special' },
};

/**
 * The entries of an archive as git writes it, in the order of the archive. SOURCE_UNREADABLE for a
 * cut one, and for anything that another reader could take for something else.
 */
export function* tarEntries(bytes: ArchiveBytes): Generator<TarEntry> {
  let records: PaxRecords | undefined;
  for (let offset = 0, header = headerAt(bytes, 0); ; header = headerAt(bytes, offset)) {
    if (header === undefined) return checkEnd(bytes, offset, records);
    offset += BLOCK;
    const size = records?.size ?? header.size;
    if (offset + size > bytes.size) throw cut();
    if (isPax(header)) records = paxOf(header, records, contents(bytes, offset, size));
    else {
      yield entryOf(header, records ?? {}, offset);
      records = undefined;
    }
    offset += Math.ceil(size / BLOCK) * BLOCK;
  }
}

const cut = () => unreadable('the archive is cut off; fetch it again');

const isPax = ({ type }: TarHeader): boolean => type === 'x' || type === 'g';

/** Undefined at the end of the archive. */
function headerAt(bytes: ArchiveBytes, offset: number): TarHeader | undefined {
  if (offset + BLOCK > bytes.size) throw cut();
  const block = bytes.at(offset, BLOCK);
  return isZero(block) ? undefined : readHeader(block);
}

const isZero = (block: Buffer): boolean => block.every((byte) => byte === 0);

/** Nothing may stand behind the end, where some readers would still find it. */
function checkEnd(bytes: ArchiveBytes, offset: number, records: PaxRecords | undefined): void {
  const left = bytes.size - offset;
  if (left < 2 * BLOCK || records !== undefined) throw cut();
  if (left > MAX_PADDING || !isZero(bytes.at(offset, left)))
    throw unreadable('something stands behind the end of the archive');
}

function contents(bytes: ArchiveBytes, offset: number, size: number): Buffer {
  if (size > MAX_PAX_BYTES) throw unreadable('a pax record of the archive is too long');
  return bytes.at(offset, size);
}

/** What is known of the next entry, after one more header about it or about all. */
function paxOf(
  { type }: TarHeader,
  known: PaxRecords | undefined,
  content: Buffer,
): PaxRecords | undefined {
  const records = readPax(content);
  const isMisplaced = known !== undefined || (type === 'g' && Object.keys(records).length > 0);
  if (isMisplaced) throw unreadable('pax records of the archive are where git has none');
  return type === 'x' ? records : undefined;
}

function entryOf(header: TarHeader, records: PaxRecords, offset: number): TarEntry {
  const written = nameOf(records.path ?? header.name);
  const type = TYPES[header.type];
  const path = treePath(type === 'folder' ? written.replace(/\/$/, '') : written);
  if (type === undefined) throw unreadable(`${quoted(path)} is a hard link or of an unknown kind`);
  const size = records.size ?? header.size;
  if (type !== 'file' && size > 0) throw unreadable(`${quoted(path)} has contents, but is no file`);
  const entry = { path, type, mode: header.mode, size, offset };
  if (type !== 'symlink') return entry;
  return { ...entry, target: nameOf(records.linkpath ?? header.target) };
}
