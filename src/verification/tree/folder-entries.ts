import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { join } from 'node:path';
import type { EntryType, TreeEntry } from './tree.js';
import { inFolder, nameOf, parentOf, treePath } from './tree-path.js';

/** An entry, and which file of which disk it was. */
export interface FolderEntry extends TreeEntry {
  readonly identity: string;
}

/** What git keeps beside the files. */
const GIT = '.git';

/**
 * Everything in a folder but what git keeps there. A folder below it that is a repository itself is
 * a submodule. Symlinks are not followed. It is not told how deep folders go, since no path is
 * longer than the system opens.
 */
export function* walk(root: string, folder = ''): Generator<FolderEntry> {
  for (const bytes of readdirSync(join(root, folder), { encoding: 'buffer' })) {
    const path = treePath(inFolder(folder, nameOf(bytes)));
    const entry = path === GIT ? undefined : entryAt(root, path);
    if (entry === undefined) continue;
    yield entry;
    if (entry.type === 'folder') yield* walk(root, path);
  }
}

/**
 * The entries at some paths, and the folders on the way to them. One that is not there any more is
 * left out; it is for the index to say whether one leads through a symlink.
 */
export function* listed(root: string, paths: Iterable<string>): Generator<FolderEntry> {
  const given = new Set<string>();
  for (const path of paths) {
    for (let at = treePath(path); at !== ''; at = parentOf(at)) given.add(at);
  }
  for (const path of given) {
    const entry = entryAt(root, path);
    if (entry !== undefined) yield entry;
  }
}

/** Undefined when nothing is there. */
function entryAt(root: string, path: string): FolderEntry | undefined {
  const full = join(root, path);
  const stats = lstatSync(full, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  const type = typeOf(full, stats);
  const size = type === 'file' ? stats.size : 0;
  const entry = { path, type, mode: stats.mode & 0o7777, size, identity: identityOf(stats) };
  if (type !== 'symlink') return entry;
  return { ...entry, target: nameOf(readlinkSync(full, { encoding: 'buffer' })) };
}

function typeOf(full: string, stats: Stats): EntryType {
  if (stats.isFile()) return 'file';
  if (stats.isSymbolicLink()) return 'symlink';
  if (!stats.isDirectory()) return 'special';
  const git = lstatSync(join(full, GIT), { throwIfNoEntry: false });
  return git === undefined ? 'folder' : 'submodule';
}

/** The same only for the same file. */
export const identityOf = ({ dev, ino }: Pick<Stats, 'dev' | 'ino'>): string => `${dev}:${ino}`;
