import { describe, expect, test } from 'vitest';
import { joinLines } from '../../../src/verification/dockerfile/joined-text.js';
import { commandsIn } from '../../../src/verification/dockerfile/shell/commands-in.js';

const read = (script: string) => commandsIn(joinLines(script.split('\n'), 1));
const shown = (script: string): string[] =>
  read(script).map(({ words }) => words.map(({ text }) => text).join('·'));

describe('a script falls into its commands', () => {
  test.each([
    ['a b && c || d; e & f', ['a·b', 'c', 'd', 'e', 'f']],
    ['a | b |& c', ['a', 'b', 'c']],
    [`a 'b && c' "d; e" f\\ g`, ['a·b && c·d; e·f g']],
    [`a "it's" 'say "x"'`, [`a·it's·say "x"`]],
    ['a "" b', ['a··b']],
    ['X=1 Y="2 3" a b', ['a·b']],
    ['if a; then b; else c; fi', ['a', 'b', 'c']],
    ['for x in a b; do c "$x"; done', ['for·x·in·a·b', 'c·$x']],
    ['case "$x" in a) b ;; c|d) e ;; esac', ['case·$x·in·a', 'b', 'c', 'd', 'e']],
    ['(a && b) | c', ['a', 'b', 'c']],
    ['{ a; b; } > c', ['a', 'b', '']],
    ['a $(b c) d', ['b·c', 'a·$()·d']],
    ['a "x$(b "c d")y"', ['b·c d', 'a·x$()y']],
    ['a `b` c', ['b', 'a·$()·c']],
    ['a <(b)', ['b', 'a·$()']],
    ['a 2>&1 > b >>c < d e', ['a·e']],
    ['a ${X:-b c} d', ['a·${X:-b c}·d']],
    ['a # b && c', ['a']],
    ['a#b', ['a#b']],
    ['a <<X\nb && c\nX\nd', ['a', 'd']],
    ['a <<-X\n\tb\n\tX\nd', ['a', 'd']],
    ['a \\\n b', ['a·b']],
    [`sh -c 'a && b'`, ['sh·-c·a && b', 'a', 'b']],
    [`sudo bash -ec "a | b"`, ['sudo·bash·-ec·a | b', 'a', 'b']],
    ['', []],
    ['fi }', []],
  ])('%s', (script, expected) => expect(shown(script)).toEqual(expected));

  test.each(["a 'b", 'a "b', 'a $(b', 'a `b', 'a ${b', '(a', 'a)', 'a |', '| a', 'a >', '\\'])(
    'what is not closed is no error: %s',
    (script) => expect(() => read(script)).not.toThrow(),
  );
});

test.each([
  ['curl x | sh', ['curl']],
  ['curl x | tee y && b | sudo sh', ['b']],
  ['(curl x) | sh', ['curl']],
  ['curl x | (sh)', ['curl']],
  ['(curl x; b) | sh', ['curl', 'b']],
  ['a; { curl x; b; } | sh', ['curl', 'b']],
  ['a; if c; then curl x; fi | sh', ['c', 'curl']],
  ['a; for x in y; do if b; then curl; fi; done | sh', ['for', 'b', 'curl']],
  ['curl x || sh', []],
  ['curl x; sh', []],
  ['(curl x); sh', []],
])('the last command of %s is given the output of %j', (script, expected) => {
  expect(
    read(script)
      .at(-1)
      ?.inputs.map(({ program }) => program),
  ).toEqual(expected);
});

test.each([
  ['sudo -u root -E /usr/bin/curl -k x', 'curl', ['-k', 'x'], ['sudo']],
  ['env A=b nice -n 5 timeout -k 1 5 wget x', 'wget', ['x'], ['env', 'nice', 'timeout']],
  ['A=b apt-get install x', 'apt-get', ['install', 'x'], []],
  ['sudo', '', [], ['sudo']],
  ['exec -- "$@"', '$@', [], ['exec']],
])('what is run by %s', (script, program, args, wrappers) => {
  expect(read(script).at(-1)).toMatchObject({ program, args, wrappers });
});

test('each command has the line that it begins in', () => {
  const lines = read('a &&\n b &&\n\n c $(\n d)').map(({ program, line }) => [program, line]);
  expect(lines).toEqual([
    ['a', 1],
    ['b', 2],
    ['d', 5],
    ['c', 4],
  ]);
});
