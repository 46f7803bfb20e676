import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { parseLabelSelector } from '../../../src/api/requests/label-selector.js';
import { isRegistrarError } from '../../../src/model/errors.js';

describe('parseLabelSelector()', () => {
  it.each([
    ['', {}, true],
    ['a=b', { a: 'b' }, true],
    ['a==b', { a: 'b' }, true],
    ['a = b', { a: 'b' }, true],
    ['a=', { a: '' }, true],
    ['a=b', { a: 'c' }, false],
    ['a=b', {}, false],
    ['a!=b', { a: 'c' }, true],
    ['a!=b', {}, true],
    ['a!=b', { a: 'b' }, false],
    ['a in (x,y)', { a: 'y' }, true],
    ['a in (x, y)', { a: 'y' }, true],
    ['a in (x,y)', {}, false],
    ['a notin (x,y)', { a: 'z' }, true],
    ['a notin (x,y)', {}, true],
    ['a notin (x,y)', { a: 'x' }, false],
    ['a', { a: '' }, true],
    ['a', {}, false],
    ['!a', {}, true],
    ['!a', { a: 'b' }, false],
    ['a=b,c', { a: 'b', c: '' }, true],
    ['a=b,c', { a: 'b' }, false],
    ['a in (x,y),!b', { a: 'x' }, true],
    ['example.com/app=web', { 'example.com/app': 'web' }, true],
    ['constructor', {}, false],
    ['toString!=x', {}, true],
  ])('%s of %j is %s', (selector, labels, expected) => {
    expect(parseLabelSelector(selector)(labels)).toBe(expected);
  });

  it.each(['=b', 'a b', 'a=b=c', 'a in x', 'a in (x', 'a,,b', '!', 'a>1', 'a=ü', 'a in (x=y)'])(
    'refuses %s',
    (selector) => {
      expect(() => parseLabelSelector(selector)).toThrow('Unable to parse requirement');
    },
  );

  test.prop([fc.string({ maxLength: 200 })])('takes or refuses any text', (selector) => {
    try {
      parseLabelSelector(selector)({ a: 'b' });
    } catch (error) {
      expect(isRegistrarError(error, 'BAD_REQUEST')).toBe(true);
    }
  });
});
