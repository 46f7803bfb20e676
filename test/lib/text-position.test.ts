import { fc, test } from '@fast-check/vitest';
import { expect, it } from 'vitest';
import { positionsOf } from '../../src/lib/text-position.js';

it.each([
  [0, 1, 1],
  [2, 1, 3],
  [3, 2, 1],
  [4, 3, 1],
  [5, 3, 2],
])('positionsOf() puts offset %i of three lines at %i:%i', (offset, line, column) => {
  expect(positionsOf('ab\n\nc')(offset)).toEqual({ line, column });
});

test.prop([fc.array(fc.constantFrom('a', '\n', '\r')).map((all) => all.join('')), fc.nat(50)])(
  'positionsOf() counts the line feeds before the offset',
  (text, offset) => {
    const before = text.slice(0, offset);
    const { line, column } = positionsOf(text)(before.length);
    expect(line).toBe(before.split('\n').length);
    expect(column).toBe(before.length - before.lastIndexOf('\n'));
  },
);
