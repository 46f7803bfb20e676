import { expect, test } from 'vitest';
import { matchesPattern } from '../../src/lib/star-pattern.js';

test.each([
  ['a', 'a'],
  ['*', ''],
  ['test/*', 'test/a/b'],
  ['*.json', 'a/b.json'],
  ['a*b*c', 'a-b-b-c'],
  ['a**c', 'ac'],
])('%s matches %j', (pattern, text) => {
  expect(matchesPattern(pattern, text)).toBe(true);
});

test.each([
  ['a', 'ab'],
  ['', 'a'],
  ['test/*', 'a/test/b'],
  ['ab*ba', 'aba'],
  ['a*b*c', 'acb'],
  ['a.c', 'abc'],
])('%s does not match %j', (pattern, text) => {
  expect(matchesPattern(pattern, text)).toBe(false);
});
