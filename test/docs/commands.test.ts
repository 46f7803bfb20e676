import { describe, expect, it } from 'vitest';
import { allCommands, spellingsOf } from '../helpers/commands.js';
import type { CommandInfo } from '../helpers/commands.js';
import { blocksOf, codeOf, pages, readPage, rowsOf, sectionOf } from '../helpers/markdown.js';

const commands = await allCommands();
const readme = readPage('README.md');

/** The command that the words after `registrar` begin with. */
function commandOf(words: string): CommandInfo | undefined {
  const fitting = commands.filter(({ name }) => `${words} `.startsWith(`${name} `));
  return fitting.toSorted((a, b) => b.name.length - a.name.length)[0];
}

/** What comes after `registrar` in lines of shell and in code: `get -o wide`. */
function usesIn(page: string): string[] {
  const lines = blocksOf(page)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => text.replaceAll('\\\n', ' ').split('\n'));
  return [...lines, ...codeOf(page)]
    .flatMap((line) => line.split(/[|;>]|&&/))
    .flatMap((part) => /^\s*(?:bin\/)?registrar ([^]*)/.exec(part)?.[1] ?? []);
}

const flagsIn = (text: string): string[] =>
  [...text.matchAll(/(?<=^|[\s`])--?[a-z][a-z-]*/g)].map(([flag]) => flag);

/** What is wrong with a use of the command line, undefined when nothing is. */
function problemOf(use: string): string | undefined {
  if (/^(?:COMMAND|--help)/.test(use)) return undefined;
  const command = commandOf(use);
  if (command === undefined) return `registrar ${use}: no such command`;
  const known = [...spellingsOf(command), '--help'];
  const unknown = flagsIn(use).find((flag) => !known.includes(flag));
  return unknown === undefined ? undefined : `registrar ${use}: no flag ${unknown}`;
}

describe.each(pages())('%s', (path) => {
  it('uses commands and flags that exist', () => {
    expect(usesIn(readPage(path)).flatMap((use) => problemOf(use) ?? [])).toEqual([]);
  });
});

it('a command or flag that does not exist is seen', () => {
  expect(problemOf('frobnicate x')).toBe('registrar frobnicate x: no such command');
  expect(problemOf('get -o wide --nothing')).toBe(
    'registrar get -o wide --nothing: no flag --nothing',
  );
  expect(usesIn('```sh\ncat x | registrar apply -f - && bin/registrar get\n```\n')).toEqual([
    'apply -f - ',
    'get',
  ]);
});

describe('the commands in README.md', () => {
  const rows = rowsOf(sectionOf(readme, 'Commands'));
  const told = rows.map(([use = '']) => commandOf(use.replace(/^`registrar (.*)`$/, '$1')));

  it('are exactly those that exist', () => {
    const names = told.map((command) => command?.name ?? '');
    expect(names.toSorted()).toEqual(commands.map(({ name }) => name));
  });

  it.each(rows)('%s has the flags that are told', (_use, meaning) => {
    const command = told[rows.findIndex((row) => row[1] === meaning)];
    expect(command && spellingsOf(command)).toEqual(expect.arrayContaining(flagsIn(meaning ?? '')));
  });
});

const GLOBAL_FLAGS = [
  ...['data-dir', 'server', 'token'],
  ...['certificate-authority', 'insecure-skip-tls-verify'],
];

describe('the configuration in README.md', () => {
  const [ofDaemon = '', ofOthers = ''] = sectionOf(readme, 'Configuration').split('\nOf the other');

  it.each([
    ['daemon', ofDaemon, Object.keys(commandOf('daemon')?.flags ?? {})],
    ['get', ofOthers, GLOBAL_FLAGS],
  ])('is right about the flags of %s', (command, text, names) => {
    const flags = commandOf(command)?.flags ?? {};
    const told = rowsOf(text).map((cells) => cells.slice(0, 3).join(' '));
    const expected = names.map((name) => {
      const { env, default: value } = flags[name] ?? {};
      return [`--${name}`, env, value].map((cell) => (cell === undefined ? '' : `\`${cell}\``));
    });
    expect(told.toSorted()).toEqual(expected.map((cells) => cells.join(' ')).toSorted());
  });
});
