import type { TreeEntry } from './tree.js';
import { parentOf } from './tree-path.js';
import { quoted, unreadable } from './unreadable.js';

const FOLDER_MODE = 0o755;

/**
 * The entries by path, in the order of their paths, with the folders that hold them. Of a path that
 * is there twice, or in what is no folder, nobody can say what a reader of it gets:
 * SOURCE_UNREADABLE.
 */
export function indexOf<E extends TreeEntry>(found: Iterable<E>): Map<string, E | TreeEntry> {
  const byPath = new Map<string, E | TreeEntry>();
  for (const entry of found) {
    if (byPath.has(entry.path)) throw unreadable(`${quoted(entry.path)} is there twice`);
    byPath.set(entry.path, entry);
  }
  for (const path of [...byPath.keys()]) addFolders(byPath, path);
  return new Map([...byPath].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function addFolders(byPath: Map<string, TreeEntry>, path: string): void {
  for (let folder = parentOf(path); folder !== ''; folder = parentOf(folder)) {
    const known = byPath.get(folder);
    if (known?.type === 'folder') return;
    if (known !== undefined) throw unreadable(`${quoted(path)} is in what is no folder`);
    byPath.set(folder, { path: folder, type: 'folder', mode: FOLDER_MODE, size: 0 });
  }
}
