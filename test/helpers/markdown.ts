import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const NOT_OURS = ['node_modules', 'dist', 'data', '.git'];

/** A fenced block; `text` is what stands between the fences. */
export interface Block {
  readonly language: string;
  readonly text: string;
}

/** Paths, relative to the repository, of all its pages. */
export function pages(): string[] {
  return readdirSync(ROOT, { withFileTypes: true })
    .filter(({ name }) => !NOT_OURS.includes(name))
    .flatMap((entry) => (entry.isDirectory() ? below(entry.name) : [entry.name]))
    .filter((path) => path.endsWith('.md'))
    .toSorted();
}

function below(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
    join(folder, name),
  );
}

export const readPage = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const FENCED = /^```(\w*)\n([^]*?)^```$/gm;

/** The fenced blocks of a page, in its order. */
export function blocksOf(page: string): Block[] {
  return [...page.matchAll(FENCED)].map(([, language = '', text = '']) => ({ language, text }));
}

/** The page without its fenced blocks. */
export const proseOf = (page: string): string => page.replaceAll(FENCED, '');

/** What stands between backticks in the prose of a page. */
export function codeOf(page: string): string[] {
  return [...proseOf(page).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}

/** What stands below the heading of that name, up to the next one that is as high. */
export function sectionOf(page: string, heading: string): string {
  const [, section] = page.split(`\n## ${heading}\n`);
  if (section === undefined) throw new Error(`No section "${heading}"`);
  return section.split('\n## ')[0] ?? '';
}

/** Cells of the rows of all tables, without their heads. */
export function rowsOf(page: string): string[][] {
  return page
    .split('\n')
    .filter((line, at, lines) => line.startsWith('|') && !/^\|[ -]*-/.test(lines[at + 1] ?? ''))
    .filter((line) => !/^\|[ |-]+\|$/.test(line))
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
}

/** The anchors of a page, made from its headings as GitHub makes them. */
export function anchorsOf(page: string): string[] {
  const seen = new Map<string, number>();
  return [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => {
    const name = heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, '');
    const anchor = name.trim().replaceAll(/\s/g, '-');
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  });
}
