import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorsOf, blocksOf, codeOf, pages, proseOf, readPage } from '../helpers/markdown.js';

const LINK = /\]\(([^)\s]+)\)/g;
const FOLDERS = /^(?:bin|config|docs|manifests|migrations|src|test)\/[\w./-]+$/;

/** Why a link leads nowhere, undefined when it leads somewhere. */
function problemOf(page: string, link: string): string | undefined {
  if (/^https?:/.test(link)) return undefined;
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? page : normalize(join(dirname(page), file));
  if (!existsSync(target)) return `${link}: no such file`;
  if (anchor === undefined || anchorsOf(readPage(target)).includes(anchor)) return undefined;
  return `${link}: no such heading`;
}

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  scripts: Record<string, string>;
};

/** What a page tells people to run: its blocks of commands and the code in its prose. */
function commandsIn(page: string): string {
  const blocks = blocksOf(page).filter(({ language }) => language !== 'yaml');
  return [...blocks.map(({ text }) => text), ...codeOf(page)].join('\n');
}

describe.each(pages())('%s', (path) => {
  const page = readPage(path);

  it('links to files and headings that exist', () => {
    const links = [...proseOf(page).matchAll(LINK)].map(([, link = '']) => link);
    expect(links.flatMap((link) => problemOf(path, link) ?? [])).toEqual([]);
  });

  it('names paths that exist', () => {
    const paths = codeOf(page).filter((code) => FOLDERS.test(code));
    expect(paths.filter((name) => !existsSync(name))).toEqual([]);
  });

  it('names scripts that exist', () => {
    const named = [...commandsIn(page).matchAll(/\bnpm (?:run ([\w:-]+)|(test)\b)/g)];
    const names = named.map(([, script, test]) => script ?? test ?? '');
    expect(names.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it('names programs that exist', () => {
    const named = [...commandsIn(page).matchAll(/(?:^|[\s"(])bin\/([\w-]+)(?![\w/.-])/gm)];
    const programs = new Set(named.map(([, name = '']) => `bin/${name}`));
    const isProgram = (name: string): boolean =>
      existsSync(name) && (statSync(name).isDirectory() || (statSync(name).mode & 0o111) !== 0);
    expect([...programs].filter((name) => !isProgram(name))).toEqual([]);
  });
});

describe('the checks of pages', () => {
  it('see a link to nothing', () => {
    expect(problemOf('README.md', 'docs/nothing.md')).toBe('docs/nothing.md: no such file');
    expect(problemOf('README.md', 'docs/cli.md#nothing')).toBe(
      'docs/cli.md#nothing: no such heading',
    );
    expect(problemOf('docs/cli.md', '../README.md#the-api')).toBeUndefined();
    expect(problemOf('docs/cli.md', '#registrar-apply')).toBeUndefined();
  });

  it('look at all pages', () => {
    const some = ['ARCHITECTURE.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'README.md', 'docs/cli.md'];
    expect(pages()).toEqual(expect.arrayContaining(some));
  });
});

it('docs/README.md links to every page beside it', () => {
  const index = readPage('docs/README.md');
  const linked = [...index.matchAll(LINK)].map(([, link = '']) => normalize(join('docs', link)));
  const beside = pages().filter((path) => dirname(path) === 'docs' && path !== 'docs/README.md');
  expect(beside.filter((path) => !linked.includes(path))).toEqual([]);
});
