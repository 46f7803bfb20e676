import { baseOf, parentOf } from '../../verification/tree/tree-path.js';
import type { Tree } from '../../verification/tree/tree.js';
import type { Found } from './found.js';
import { plainText, textFile } from './text-file.js';

const NAME = /^readme(?:\.(?:md|markdown|rst|txt))?$/i;
/** Lines that are looked through for a sentence. */
const MAX_LINES = 60;

/**
 * What a README begins with: its first line of text, or its title when there is none. Pictures, badges,
 * and lines that only underline are passed over.
 */
export function readmeLine(tree: Tree, folder: string): Found | undefined {
  const file = tree.entries.find(
    ({ type, path }) => type === 'file' && parentOf(path) === folder && NAME.test(baseOf(path)),
  );
  const text = file && textFile(tree, file.path);
  if (file === undefined || text === undefined) return undefined;
  const lines = text.split('\n', MAX_LINES).map((line) => line.slice(0, 1_000));
  const titles = lines.flatMap((line, index) => {
    return /^#+ /.test(line) || isUnderline(lines[index + 1] ?? '') ? [wordsOf(line)] : [];
  });
  const others = lines
    .filter((line, index) => !/^#+ /.test(line) && !isUnderline(lines[index + 1] ?? ''))
    .map(wordsOf);
  const value = [...others, ...titles].find((line) => line !== undefined);
  return value === undefined ? undefined : { value, from: baseOf(file.path) };
}

const isUnderline = (line: string): boolean => /^(?:={3,}|-{3,}|~{3,})\s*$/.test(line);

/** The words of a line of Markdown; undefined when it has none. */
function wordsOf(line: string): string | undefined {
  const plain = line
    .replace(/^[#>*\s-]+/, '')
    .replaceAll(/!\[[^\]]{0,200}\]\([^)]{0,500}\)/g, '')
    .replaceAll(/\[([^\]]{0,200})\]\([^)]{0,500}\)/g, '$1')
    .replaceAll(/<[^>]{0,500}>/g, '')
    .replaceAll(/[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}/g, '');
  return /\p{L}{2}/u.test(plain) && !/^(?:\.\. |```|:[\w-]+:)/.test(line)
    ? plainText(plain)
    : undefined;
}
