import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { TextLines } from '../../src/docker/text-lines.js';
import { inChunks } from '../helpers/in-chunks.js';

property.prop([fc.string({ unit: 'grapheme' }), fc.array(fc.nat({ max: 7 }))])(
  'lines are the same however the bytes are cut',
  (text, cuts) => {
    const lines = new TextLines(1_000_000);
    const found = inChunks(Buffer.from(text), cuts).flatMap((chunk) => lines.push(chunk));
    const all = [...found, ...lines.end()];
    expect(all.join('\n')).toBe(text.replace(/\n$/, ''));
  },
);

test('a line that does not end is given in pieces, so that it does not fill the memory', () => {
  const lines = new TextLines(10);
  expect(lines.push(Buffer.from('x'.repeat(11)))).toEqual(['x'.repeat(11)]);
  expect(lines.push(Buffer.from('y\nz'))).toEqual(['y']);
  expect(lines.end()).toEqual(['z']);
  expect(lines.end()).toEqual([]);
});
