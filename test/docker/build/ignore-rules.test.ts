import { describe, expect, test } from 'vitest';
import { parseIgnoreRules } from '../../../src/docker/build/ignore-rules.js';

const PATHS = [
  ...['.dockerignore', '.env', 'Dockerfile', 'README.md', 'a+b', 'a/.env', 'a/b/c/deep.txt'],
  ...['a/b/one.txt', 'a/one.txt', 'a/two.md', 'a[1]', 'ab', 'lib/1.log', 'lib/10.log'],
  ...['lib/a.log', 'node_modules/y/j.js', 'src/main.js', 'src/node_modules/x/i.js', 'star*'],
  'we ird/f',
];

const BELOW_A = 'a/.env, a/b/c/deep.txt, a/b/one.txt, a/one.txt, a/two.md';
const BELOW_B = 'a/b/c/deep.txt, a/b/one.txt';
const BELOW_LIB = 'lib/1.log, lib/10.log, lib/a.log';

/** What docker build leaves out, as measured with version 28.2 of the docker command. */
const MEASURED: readonly (readonly [string, string])[] = [
  ['', ''],
  ['a', BELOW_A],
  ['/a/', BELOW_A],
  ['A', ''],
  ['src/', 'src/main.js, src/node_modules/x/i.js'],
  ['src//main.js', 'src/main.js'],
  ['./a/../lib', BELOW_LIB],
  ['../x', ''],
  ['.', ''],
  ['a/b/c/deep.txt/x', ''],
  ['we ird', 'we ird/f'],
  ['# c\n\n  lib  \n', BELOW_LIB],
  ['#lib', ''],
  [' #lib', ''],
  ['lib\r', BELOW_LIB],
  ['\u{feff}lib', BELOW_LIB],
  ['.env', '.env'],
  ['**/.env', '.env, a/.env'],
  ['*.md', 'README.md'],
  ['**/*.md', 'README.md, a/two.md'],
  ['node_modules', 'node_modules/y/j.js'],
  ['**/node_modules', 'node_modules/y/j.js, src/node_modules/x/i.js'],
  ['**/b', BELOW_B],
  ['a/b**', BELOW_B],
  ['a/**', BELOW_A],
  ['a/***', BELOW_A],
  ['a**', `a+b, ${BELOW_A}, a[1], ab`],
  ['**a', BELOW_A],
  ['a/**/one.txt', 'a/b/one.txt, a/one.txt'],
  ['**/**/one.txt', 'a/b/one.txt, a/one.txt'],
  ['**/*/one.txt', 'a/b/one.txt, a/one.txt'],
  ['a/b/**/deep.txt', 'a/b/c/deep.txt'],
  ['*/*/one.txt', 'a/b/one.txt'],
  ['*/*.log', BELOW_LIB],
  ['lib/*', BELOW_LIB],
  ['lib/1*', 'lib/1.log, lib/10.log'],
  ['lib/?.log', 'lib/1.log, lib/a.log'],
  ['lib/[0-9].log', 'lib/1.log'],
  ['lib/[^0-9].log', 'lib/a.log'],
  [String.raw`lib/[a\-z].log`, 'lib/a.log'],
  ['a?b', 'a+b'],
  ['a+b', 'a+b'],
  ['a[1]', ''],
  [String.raw`a\[1\]`, 'a[1]'],
  [String.raw`star\*`, 'star*'],
  ['a\n!a/b/one.txt', 'a/.env, a/b/c/deep.txt, a/one.txt, a/two.md'],
  ['a\n! a/one.txt', 'a/.env, a/b/c/deep.txt, a/b/one.txt, a/two.md'],
  ['a/*\n!a/b', 'a/.env, a/one.txt, a/two.md'],
  ['lib\n!lib/a.log\nlib/a*', BELOW_LIB],
  ['! a', ''],
];

const MEASURED_KEPT: readonly (readonly [string, string])[] = [
  ['*', ''],
  ['**', ''],
  ['***', ''],
  ['*\n!src', 'src/main.js, src/node_modules/x/i.js'],
  ['*\n!src/main.js', 'src/main.js'],
  ['[^a-l]*', `a+b, ${BELOW_A}, a[1], ab, ${BELOW_LIB}`],
];

const REFUSED = expect.objectContaining({ code: 'BUILD_FAILED' }) as Error;

describe('the rules of a .dockerignore file', () => {
  test.each(MEASURED)('%j leaves out "%s"', (text, leftOut) => {
    expect(PATHS.filter(parseIgnoreRules(text)).join(', ')).toBe(leftOut);
  });

  test.each(MEASURED_KEPT)('%j keeps "%s" alone', (text, kept) => {
    const ignore = parseIgnoreRules(text);
    expect(PATHS.filter((path) => !ignore(path)).join(', ')).toBe(kept);
  });

  test('an exception may be anywhere in a folder that is left out, as with BuildKit', () => {
    const ignore = parseIgnoreRules('**\n!**/*.txt');
    expect(PATHS.filter((path) => !ignore(path)).join(', ')).toBe(
      'a/b/c/deep.txt, a/b/one.txt, a/one.txt',
    );
  });

  test.each(['!', '! ', '[', '[]', 'a[', 'lib/[]a].log', 'lib\\', '[a'])(
    '%j is BUILD_FAILED',
    (text) => expect(() => parseIgnoreRules(text)).toThrow(REFUSED),
  );

  test('a pattern or a list that is longer than anybody writes is BUILD_FAILED', () => {
    expect(() => parseIgnoreRules('x'.repeat(513))).toThrow(REFUSED);
    expect(() => parseIgnoreRules('x\n'.repeat(501))).toThrow(REFUSED);
  });

  test.each(['*a'.repeat(250), '**/a'.repeat(120), '(a+)+b', `${'a*'.repeat(200)}b`])(
    'a pattern that is made to take for ever ends: %.20s',
    (pattern) => expect(parseIgnoreRules(pattern)('a'.repeat(4000))).toBe(pattern.endsWith('*a')),
  );
});
