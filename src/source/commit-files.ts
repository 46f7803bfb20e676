import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { createReadStream, lstatSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { nameOf } from '../verification/tree/tree-path.js';
import { nulTerminated } from './nul-terminated.js';

/** Asks git about one repository. */
export type Ask = (args: readonly string[]) => Promise<Buffer>;

/** What a commit has at a path. */
export interface Blob {
  /** As git writes it, such as `100644`. */
  readonly mode: string;
  readonly id: string;
}

const SUBMODULE = '160000';
const SYMLINK = '120000';

/** The files of a commit, by path; SOURCE_UNREADABLE for names that are not UTF-8. */
export async function treeOf(ask: Ask, commit: string): Promise<Map<string, Blob>> {
  const lines = nulTerminated(await ask(['ls-tree', '-r', '-z', '--full-tree', commit]));
  return new Map(
    lines.map((line) => {
      const tab = line.indexOf('\t');
      const [mode = '', , id = ''] = line.toString('latin1', 0, tab).split(' ');
      return [nameOf(line.subarray(tab + 1)), { mode, id }];
    }),
  );
}

/**
 * Whether the files are what the commit has, byte by byte. By hand: git would ask the filters that
 * the repository is configured with, which are programs.
 */
export async function isSame(
  tree: ReadonlyMap<string, Blob>,
  top: string,
  paths: readonly string[],
): Promise<boolean> {
  if (paths.some((path) => !tree.has(path))) return false;
  for (const [path, blob] of tree) {
    if (blob.mode !== SUBMODULE && !(await isBlob(join(top, path), blob))) return false;
  }
  return true;
}

async function isBlob(path: string, { mode, id }: Blob): Promise<boolean> {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (mode === SYMLINK) {
    if (stats?.isSymbolicLink() !== true) return false;
    const target = readlinkSync(path, { encoding: 'buffer' });
    return hashed(id, target.length).update(target).digest('hex') === id;
  }
  const executable = stats !== undefined && (stats.mode & 0o100) !== 0;
  if (stats?.isFile() !== true || executable !== (mode === '100755')) return false;
  const hash = hashed(id, stats.size);
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex') === id;
}

/** The hash that git names a blob by, with its head in it. */
const hashed = (id: string, size: number): Hash =>
  createHash(id.length === 64 ? 'sha256' : 'sha1').update(`blob ${size}\0`);
