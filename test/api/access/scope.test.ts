import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { hasWholeScope, isInScope, isPattern } from '../../../src/api/access/scope.js';

describe('isInScope()', () => {
  it.each([
    [['web'], 'web', true],
    [['web'], 'web2', false],
    [['web'], 'my-web', false],
    [['miner-*'], 'miner-1', true],
    [['miner-*'], 'miner-', true],
    [['miner-*'], 'miner', false],
    [['miner-*'], 'old-miner-1', false],
    [['*-miner'], 'old-miner', true],
    [['a*b*c'], 'abc', true],
    [['a*b*c'], 'axxbxxc', true],
    [['a*b*c'], 'axxc', false],
    [['ab*b'], 'ab', false],
    [['ab*ba'], 'aba', false],
    [['*'], 'anything', true],
    [['a', 'b*'], 'b2', true],
    [[], 'web', false],
    [['a.c'], 'abc', false],
    [['a+'], 'aa', false],
  ])('of %j: %s is %s', (modules, name, expected) => {
    expect(isInScope({ modules }, name)).toBe(expected);
  });

  it('is quick for a pattern that is made to be slow', () => {
    const modules = ['*a'.repeat(31)];
    expect(isInScope({ modules }, `${'a'.repeat(100_000)}b`)).toBe(false);
  });

  const text = fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 12 });
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '-', '*'), maxLength: 8 });
  test.prop([pattern, text])('says what a regular expression says', (glob, name) => {
    const expected = new RegExp(`^${glob.replaceAll('*', '.*')}$`).test(name);
    expect(isInScope({ modules: [glob] }, name)).toBe(expected);
  });
});

it.each(['*', '**', 'web', 'miner-*', '*-1', 'a*b', 'a'.repeat(63)])('%s is a pattern', (text) =>
  expect(isPattern(text)).toBe(true),
);

it.each(['', 'Web', 'a b', 'a?', '[a]', 'a.b', 'a/b', '-a', 'a-', 'a\n', '.*', 'a'.repeat(64)])(
  '%j is no pattern',
  (text) => expect(isPattern(text)).toBe(false),
);

it('knows who may change everything', () => {
  expect(hasWholeScope({ modules: ['a', '*'] })).toBe(true);
  expect(hasWholeScope({ modules: ['a*'] })).toBe(false);
});
