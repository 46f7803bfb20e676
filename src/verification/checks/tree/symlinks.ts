import { posix } from 'node:path';
import { printable } from '../../../lib/printable.js';
import type { Problem } from '../../../model/verification.js';
import { check } from '../../check.js';
import type { Tree, TreeEntry } from '../../tree/tree.js';
import { parentOf } from '../../tree/tree-path.js';

/** Links that are followed one after another, as Linux does. */
const MAX_LINKS = 40;

/** Symlinks stay among the files. */
export const SYMLINKS = check({
  id: 'tree/symlinks',
  title: 'Symlinks lead to files of the source',
  severity: 'high',
  mode: 'enforce',
  about: 'tree',
  why: 'A symlink that leads out reads files of the host that builds, such as keys, or writes to them.',
  remedy: 'Remove the symlink, or make it lead to a file of the source by a relative path',
  run({ tree }) {
    return tree.entries.flatMap((entry) => problemOf(tree, entry));
  },
});

function problemOf(tree: Tree, entry: TreeEntry): Problem[] {
  const { path: file, target = '' } = entry;
  if (entry.type !== 'symlink') return [];
  const shown = printable(target);
  if (target === '') return [{ file, message: 'The symlink leads nowhere' }];
  if (target.startsWith('/'))
    return [{ file, message: `The symlink leads to an absolute path, "${shown}"` }];
  if (target.split('/').includes('.git'))
    return [{ file, message: `The symlink leads to what git keeps, "${shown}"` }];
  const message = wrongWay(tree, entry);
  return message === undefined ? [] : [{ file, message: `${message}, by "${shown}"` }];
}

/**
 * Follows a symlink as the system does, part by part, since a part may be a symlink itself.
 * Undefined when it ends at something, or at nothing inside.
 */
function wrongWay(tree: Tree, { path, target = '' }: TreeEntry): string | undefined {
  const parts = target.split('/');
  let [at, links] = [parentOf(path), 1];
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    if (part === '..' && at === '') return 'The symlink leads out of the source';
    at = stepped(at, part);
    const next = tree.at(at);
    if (next?.type !== 'symlink') continue;
    links += 1;
    if (links > MAX_LINKS) return 'The symlink leads to itself';
    if (next.target?.startsWith('/') === true) return 'The symlink leads to an absolute path';
    parts.unshift(...(next.target ?? '').split('/'));
    at = parentOf(next.path);
  }
  return undefined;
}

function stepped(at: string, part: string): string {
  if (part === '..') return parentOf(at);
  return part === '.' || part === '' ? at : posix.join(at, part);
}
