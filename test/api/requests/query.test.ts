import { describe, expect, it } from 'vitest';
import { countOf, flagOf, isDryRun, textOf, versionOf } from '../../../src/api/requests/query.js';

describe('query parameters', () => {
  it.each([
    [undefined, undefined],
    ['', true],
    ['0', false],
    ['false', false],
    ['False', false],
    ['FALSE', false],
    ['1', true],
    ['True', true],
    ['yes', true],
    [['true', 'false'], true],
  ])('%j as a flag is %s', (value, expected) => {
    expect(flagOf({ flag: value }, 'flag')).toBe(expected);
  });

  it('are the first of those that are repeated, and absent when empty', () => {
    expect(textOf({ key: ['a', 'b'] }, 'key')).toBe('a');
    expect(textOf({ key: '' }, 'key')).toBeUndefined();
    expect(textOf({ key: 7 }, 'key')).toBeUndefined();
  });

  it('are counts when they are whole and not negative', () => {
    expect(countOf({ n: '12' }, 'n')).toBe(12);
    for (const value of ['-1', '1.5', 'x', '1e3', '9'.repeat(20)]) {
      expect(() => countOf({ n: value }, 'n')).toThrow('must be a whole number');
    }
  });

  it.each([
    [undefined, undefined],
    ['0', undefined],
    ['000', undefined],
    ['12', '12'],
    ['0012', '12'],
  ])('%j as a resource version is %s', (value, expected) => {
    expect(versionOf({ resourceVersion: value })).toBe(expected);
  });

  it('know one kind of dry run', () => {
    expect(isDryRun({})).toBe(false);
    expect(isDryRun({ dryRun: 'All' })).toBe(true);
    expect(() => isDryRun({ dryRun: 'all' })).toThrow('Unsupported value: "all"');
  });
});
