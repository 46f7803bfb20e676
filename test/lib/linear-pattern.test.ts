import { expect, it } from 'vitest';
import { linearPattern } from '../../src/lib/linear-pattern.js';

it.each([
  ['epoch \\d+', 'new epoch 12', true],
  ['^epoch', 'new epoch 12', false],
  ['(?i)EPOCH', 'new epoch', true],
  ['\\bblock\\b', 'blocked', false],
  ['高さ', '高さ 12', true],
])('finds %s in %s: %s', (pattern, text, found) => {
  expect(linearPattern(pattern)?.(text)).toBe(found);
});

it.each(['(?=a)', '(a)\\1', '(', '[z-a]', 'a{2000}', '\\pL{130}', '((a{9}){9}){9}'])(
  'takes no %s: it is none, or costs too much',
  (pattern) => {
    expect(linearPattern(pattern)).toBeUndefined();
  },
);

it('has an answer where a backtracking matcher has none in a lifetime', () => {
  const matches = linearPattern('^(a+)+$');
  expect(matches?.(`${'a'.repeat(2_000)}!`)).toBe(false);
});
