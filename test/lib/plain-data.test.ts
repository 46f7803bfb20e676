import { describe, expect, it } from 'vitest';
import { findDataProblems, hasMoreValuesThan, MAX_DEPTH } from '../../src/lib/plain-data.js';

const messages = (value: unknown) =>
  [...findDataProblems(value)].map(({ path, message }) => `${path.join('/')}: ${message}`);

const nested = (depth: number): unknown =>
  Array.from({ length: depth }).reduce((inner: unknown) => ({ a: inner }), 1);

describe('findDataProblems()', () => {
  it('finds nothing in plain data', () => {
    expect(messages({ a: [1, 'é\n\t', null, true, { b: '' }], 'c.d/e': {} })).toEqual([]);
  });

  it('finds unsafe keys wherever they are', () => {
    const value: unknown = JSON.parse('{"a": [{"__proto__": {"constructor": 1}}], "prototype": 1}');
    expect(messages(value)).toEqual([
      'a/0/__proto__: key "__proto__" is not allowed',
      'a/0/__proto__/constructor: key "constructor" is not allowed',
      'prototype: key "prototype" is not allowed',
    ]);
  });

  it('finds hidden characters in texts and keys, and says which are malformed', () => {
    const problems = [...findDataProblems({ a: ['\u0000'], 'b\u202e': 1, 'c\n': '\ud800' })];
    expect(problems).toEqual([
      { path: ['a', 0], message: 'contains the hidden character U+0000', malformed: false },
      { path: ['b\u202e'], message: 'key contains the hidden character U+202E', malformed: true },
      { path: ['c\n'], message: 'key contains a tab or line break', malformed: true },
      { path: ['c\n'], message: 'contains the hidden character U+D800', malformed: false },
    ]);
  });

  it(`accepts ${MAX_DEPTH} levels and looks no deeper`, () => {
    expect(messages(nested(MAX_DEPTH))).toEqual([]);
    const [problem, ...more] = messages(nested(400_000));
    expect(problem).toMatch(/: nested deeper than 64 levels$/);
    expect(more).toEqual([]);
  });
});

describe('hasMoreValuesThan()', () => {
  it('counts everything that is in the data', () => {
    const data = { a: [1, null, { b: 'x' }], c: {} };
    expect(hasMoreValuesThan(7, data)).toBe(false);
    expect(hasMoreValuesThan(6, data)).toBe(true);
    expect(hasMoreValuesThan(0, 1)).toBe(true);
  });

  it('counts what is nested very deeply, and a very long list', () => {
    expect(hasMoreValuesThan(500_000, nested(400_000))).toBe(false);
    expect(hasMoreValuesThan(500_000, Array(500_000).fill(0))).toBe(true);
  });
});
