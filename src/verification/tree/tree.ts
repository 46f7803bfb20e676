/** What stands in a tree of files. A `special` one is a socket, device or pipe. */
export type EntryType = 'file' | 'folder' | 'symlink' | 'submodule' | 'special';

export interface TreeEntry {
  /** From the root, with `/` and without one at the ends. */
  readonly path: string;
  readonly type: EntryType;
  /** Permission bits, such as 0o755; with set-uid and set-gid. */
  readonly mode: number;
  /** Bytes of a file, else 0. */
  readonly size: number;
  /** Where a symlink points, as it is written. */
  readonly target?: string;
}

/** The files of a module: those of a commit, or those of a folder that somebody works in. */
export interface Tree {
  /** In the order of their paths. */
  readonly entries: readonly TreeEntry[];
  /** The entry at a path, if any. */
  at(path: string): TreeEntry | undefined;
  /** First bytes of a file, all when it has no more than `limit`. Throws when there is no file. */
  read(path: string, limit: number): Buffer;
}

/** A tree that holds something open until it is closed. */
export interface OpenTree extends Tree {
  close(): void;
}
