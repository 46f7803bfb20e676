import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { indexOf } from './entry-index.js';
import { tarEntries } from './tar-entries.js';
import type { ArchiveBytes, TarEntry } from './tar-entries.js';
import type { OpenTree, TreeEntry } from './tree.js';
import { parentOf } from './tree-path.js';
import { quoted, unreadable } from './unreadable.js';

/** Entries of the largest source that is looked at; each takes some hundred bytes of memory. */
const MAX_ENTRIES = 200_000;

/**
 * Bytes of an archive that is read at once: every check reads every file, and a small read takes
 * longer than looking at what it gives.
 */
const MAX_IN_MEMORY = 32 * 1024 * 1024;

/**
 * The tree of an uncompressed tar that `git archive` wrote. Git keeps no empty folders: one in the
 * archive stands for a submodule. SOURCE_UNREADABLE for an archive that is damaged or hostile.
 */
export function openTarTree(file: string, { maxEntries = MAX_ENTRIES } = {}): OpenTree {
  // Without waiting for a writer, should it be a pipe: its size is then none.
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const bytes = bytesOf(descriptor);
    const byPath = indexOf(limited(tarEntries(bytes), maxEntries));
    return treeOf(bytes, withSubmodules(byPath), () => closeSync(descriptor));
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

function bytesOf(descriptor: number): ArchiveBytes {
  const { size } = fstatSync(descriptor);
  const read = (offset: number, length: number): Buffer => {
    const bytes = Buffer.allocUnsafeSlow(length);
    return whole(bytes.subarray(0, readSync(descriptor, bytes, 0, length, offset)), length);
  };
  if (size > MAX_IN_MEMORY) return { size, at: read };
  const all = read(0, size);
  return { size, at: (offset, length) => whole(all.subarray(offset, offset + length), length) };
}

function whole(bytes: Buffer, length: number): Buffer {
  if (bytes.length === length) return bytes;
  throw unreadable('the archive became shorter while it was read');
}

function* limited(entries: Iterable<TarEntry>, most: number): Generator<TarEntry> {
  let count = 0;
  for (const entry of entries) {
    count += 1;
    if (count > most) throw unreadable(`it has more than ${most} files and folders`);
    yield entry;
  }
}

type Indexed = Map<string, TarEntry | TreeEntry>;

function withSubmodules(byPath: Indexed): Indexed {
  const filled = new Set([...byPath.keys()].map(parentOf));
  for (const [path, entry] of byPath) {
    if (entry.type === 'folder' && !filled.has(path))
      byPath.set(path, { ...entry, type: 'submodule' });
  }
  return byPath;
}

function treeOf(bytes: ArchiveBytes, byPath: Indexed, close: () => void): OpenTree {
  return {
    entries: [...byPath.values()],
    at: (path) => byPath.get(path),
    read(path, limit) {
      const entry = byPath.get(path);
      if (entry?.type !== 'file' || !('offset' in entry))
        throw unreadable(`${quoted(path)} is no file`);
      return bytes.at(entry.offset, Math.min(entry.size, limit));
    },
    close,
  };
}
