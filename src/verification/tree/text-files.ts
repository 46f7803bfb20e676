import Type from 'typebox';
import type { Static } from 'typebox';
import { matchesPattern } from '../../lib/star-pattern.js';
import { printable } from '../../lib/printable.js';
import type { Problem } from '../../model/verification.js';
import { NotVerified } from '../check.js';
import type { Tree, TreeEntry } from './tree.js';

const MIB = 1024 * 1024;

/** Bytes of the beginning that tell text from other files, as git does. */
const HEAD = 8000;

/** Names of files in a message. */
const MAX_NAMES = 3;

/** What a policy can tell a check that reads all text. */
export const TextParameters = Type.Object({
  ignore: Type.Array(Type.String({ maxLength: 1024 }), {
    default: [],
    maxItems: 1000,
    description: 'Paths that are not looked at; * stands for any text',
  }),
  maxFileBytes: Type.Integer({
    default: 8 * MIB,
    minimum: 1,
    maximum: 64 * MIB,
    description: 'Text files that are larger make the check come to nothing',
  }),
});

/** Whether a path is one that the policy leaves out. */
export const isIgnored = (path: string, ignore: readonly string[]): boolean =>
  ignore.some((pattern) => matchesPattern(pattern, path));

/** One text file. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

type Look = (file: TextFile) => readonly Problem[] | Promise<readonly Problem[]>;

/**
 * What `look` finds in all text files. NotVerified when it finds nothing, but a file was too large
 * to look at. Files with other contents than text are passed over.
 */
export async function lookAtText(
  tree: Tree,
  { ignore, maxFileBytes }: Static<typeof TextParameters>,
  look: Look,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  const tooLarge: TreeEntry[] = [];
  for (const entry of tree.entries) {
    if (entry.type !== 'file' || isIgnored(entry.path, ignore)) continue;
    const text = textOf(tree, entry, maxFileBytes);
    if (text === 'too large') tooLarge.push(entry);
    else if (text !== undefined) problems.push(...(await look({ path: entry.path, ...text })));
  }
  if (tooLarge.length > 0 && problems.length === 0) throw new NotVerified(missed(tooLarge));
  return tooLarge.length === 0 ? problems : [...problems, { message: missed(tooLarge) }];
}

function missed(entries: readonly TreeEntry[]): string {
  const names = entries.slice(0, MAX_NAMES).map(({ path }) => printable(path));
  const more = entries.length > MAX_NAMES ? ' and others' : '';
  return `Not looked at, for their size: ${names.join(', ')}${more} (${entries.length}); raise maxFileBytes in the policy, or name them in ignore`;
}

/** Undefined for what is no text. */
function textOf(
  tree: Tree,
  { path, size }: TreeEntry,
  maxBytes: number,
): { text: string } | 'too large' | undefined {
  const head = tree.read(path, HEAD);
  const encoding = encodingOf(head);
  if (encoding === undefined) return undefined;
  if (size > maxBytes) return 'too large';
  const bytes = size <= HEAD ? head : tree.read(path, maxBytes);
  return { text: bytes.toString(encoding) };
}

function encodingOf(head: Buffer): 'utf8' | 'utf16le' | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf16le';
  return head.includes(0) ? undefined : 'utf8';
}

/** The line of a place in a text, from 1. */
export function lineAt(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < index; at = text.indexOf('\n', at + 1))
    line += 1;
  return line;
}
