import { posix } from 'node:path';
import type { Tree } from '../tree/tree.js';
import { baseOf, parentOf } from '../tree/tree-path.js';

/** Longest text that is compared: the longest known licence has 35 KiB. */
const MAX_BYTES = 256 * 1024;

const NAME = /^(?:un)?licen[cs]e|^copying/i;
/** Sources that are called so, such as license.py. */
const SOURCE = /\.(?:py|js|ts|go|rs|sh|json|ya?ml|toml|html|c|h)$/i;
/** A name that says that it is the licence, and not one of several. */
const MAIN = /^(?:licen[cs]e|copying|unlicense)(?:\.(?:md|txt|rst))?$/i;

export interface LicenceFile {
  readonly path: string;
  readonly text: string;
  /** Whether it is called just `LICENSE`, not `LICENSE-MIT`. */
  readonly isMain: boolean;
}

/** The licence files beside the Dockerfile; those of the whole source when there are none. */
export function licenceFiles(
  tree: Tree,
  {
    spec: { source },
  }: { readonly spec: { readonly source?: { readonly path: string } | undefined } },
): LicenceFile[] {
  const folder = posix.normalize(source?.path ?? '.').replace(/\/$/, '');
  const own = filesIn(tree, folder === '.' ? '' : folder);
  return own.length > 0 || folder === '.' ? own : filesIn(tree, '');
}

const filesIn = (tree: Tree, folder: string): LicenceFile[] =>
  tree.entries
    .filter(({ type, path }) => type === 'file' && parentOf(path) === folder)
    .filter(({ path }) => NAME.test(baseOf(path)) && !SOURCE.test(path))
    .map(({ path }) => ({
      path,
      text: tree.read(path, MAX_BYTES).toString('utf8'),
      isMain: MAIN.test(baseOf(path)),
    }));
