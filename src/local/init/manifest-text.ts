import { Document, isCollection, isMap, isScalar } from 'yaml';
import type { Node } from 'yaml';
import type { FieldPath } from '../../lib/field-path.js';
import { printable } from '../../lib/printable.js';
import type { Draft } from './draft.js';

/** Longest comment, in characters. */
const MAX_COMMENT = 300;

/** One line, whatever is in it: nothing of a comment can become part of the manifest. */
const comment = (text: string): string => ` ${printable(text, MAX_COMMENT)}`;

/** A draft in YAML: lines before it, and behind each part where it is from. */
export function manifestText({ manifest, origins }: Draft, head: readonly string[]): string {
  const document = new Document(manifest);
  document.commentBefore = head.map(comment).join('\n');
  for (const { path, from } of origins) setComment(document, path, comment(`from ${from}`));
  return document.toString({ lineWidth: 0, indentSeq: true });
}

/** Behind a scalar, and above what has parts. */
function setComment(document: Document.Parsed | Document, path: FieldPath, text: string): void {
  const node = document.getIn(path, true) as Node | undefined;
  if (isScalar(node)) node.comment = text;
  else if (isCollection(node)) {
    const key = keyOf(document, path);
    if (key === undefined) node.commentBefore = text;
    else key.commentBefore = text;
  }
}

/** The key in front of a value; undefined for an item of a list. */
function keyOf(document: Document.Parsed | Document, path: FieldPath): Node | undefined {
  const parent = document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (!isMap(parent)) return undefined;
  const key = parent.items
    .map((pair) => pair.key)
    .find((one) => isScalar(one) && one.value === last);
  return isScalar(key) ? key : undefined;
}
