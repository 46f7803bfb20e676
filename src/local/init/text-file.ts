import { printable } from '../../lib/printable.js';
import type { Tree } from '../../verification/tree/tree.js';

/** More of a file is not read: what is looked for is at its beginning, or it is no such file. */
const MAX_BYTES = 256 * 1024;

/** The text of a file; undefined when there is none, or when it is too long to be one of its sort. */
export function textFile(tree: Tree, path: string): string | undefined {
  const entry = tree.at(path);
  if (entry?.type !== 'file' || entry.size > MAX_BYTES) return undefined;
  return tree.read(path, MAX_BYTES).toString('utf8');
}

/** Longest text that is taken over into a manifest. */
const MAX_TEXT = 200;

/** A text from a repository as one line that may stand in a manifest; undefined for none. */
export function plainText(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const line = printable(text.slice(0, 10_000).replaceAll(/\s+/g, ' ').trim(), MAX_TEXT).trim();
  return line === '' ? undefined : line;
}
