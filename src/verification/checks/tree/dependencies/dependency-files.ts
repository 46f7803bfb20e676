import { posix } from 'node:path';
import { NotApplicable } from '../../../check.js';
import type { TreeSubject } from '../../../subjects.js';
import { inFolder, parentOf } from '../../../tree/tree-path.js';

/** Longest list of dependencies that is read. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Folders whose files are not what is built: those of others, and those of tests. */
const ASIDE = /(?:^|\/)(?:node_modules|vendor|third_party|tests?|fixtures?|examples?|docs?)\//;

/** One file that names dependencies. */
export interface DependencyFile {
  readonly path: string;
  readonly text: string;
}

/** The files of that name in the folder that is built. NotApplicable when there are none. */
export function dependencyFiles(
  { tree, manifest }: TreeSubject,
  name: RegExp,
): readonly DependencyFile[] {
  const folder = posix.normalize(manifest.spec.source?.path ?? '.').replace(/\/$/, '');
  const root = folder === '.' ? '' : `${folder}/`;
  const found = tree.entries
    .filter(({ type, path }) => type === 'file' && path.startsWith(root) && name.test(path))
    .filter(({ path }) => !ASIDE.test(path.slice(root.length)))
    .map(({ path }) => ({ path, text: tree.read(path, MAX_BYTES).toString('utf8') }));
  if (found.length === 0) throw new NotApplicable('No such file names dependencies');
  return found;
}

/** Whether one of these files is beside a file, or in a folder above it, as in a workspace. */
export function isBesideOrAbove(
  { tree }: Pick<TreeSubject, 'tree'>,
  path: string,
  names: readonly string[],
): boolean {
  for (let folder = parentOf(path); ; folder = parentOf(folder)) {
    if (names.some((name) => tree.at(inFolder(folder, name))?.type === 'file')) return true;
    if (folder === '') return false;
  }
}
