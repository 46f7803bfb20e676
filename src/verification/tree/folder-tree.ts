import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { indexOf } from './entry-index.js';
import { identityOf, listed, walk } from './folder-entries.js';
import type { FolderEntry } from './folder-entries.js';
import type { OpenTree, TreeEntry } from './tree.js';
import { quoted, unreadable } from './unreadable.js';

export interface FolderOptions {
  /** Files and folders together. */
  readonly maxFiles: number;
  /** The files to take, such as those that git knows; all but what git keeps when undefined. */
  readonly paths?: Iterable<string>;
}

/** Never through a symlink, and without waiting for a writer of a pipe. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * The tree of a folder that somebody works in. Reading never leaves it: a file is only read while
 * it is the one that was found. SOURCE_UNREADABLE when it has too many files.
 */
export function openFolderTree(folder: string, { maxFiles, paths }: FolderOptions): OpenTree {
  const found = paths === undefined ? walk(folder) : listed(folder, paths);
  const byPath = indexOf(limited(found, maxFiles));
  return {
    entries: [...byPath.values()],
    at: (path) => byPath.get(path),
    read(path, limit) {
      const entry = byPath.get(path);
      if (entry?.type !== 'file' || !('identity' in entry))
        throw unreadable(`${quoted(path)} is no file`);
      return readSame(join(folder, path), entry, limit);
    },
    close: () => undefined,
  };
}

function* limited(found: Iterable<FolderEntry>, most: number): Generator<FolderEntry> {
  let count = 0;
  for (const entry of found) {
    count += 1;
    if (count > most)
      throw unreadable(`it has more than ${most} files; leave out what is not built`);
    yield entry;
  }
}

function readSame(full: string, entry: TreeEntry & FolderEntry, limit: number): Buffer {
  const descriptor = openSync(full, FLAGS);
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile() || identityOf(stats) !== entry.identity || stats.size !== entry.size)
      throw unreadable(`${quoted(entry.path)} changed while it was looked at; try again`);
    const bytes = Buffer.alloc(Math.min(entry.size, limit));
    return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(descriptor);
  }
}
