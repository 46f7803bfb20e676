import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { lastLines } from '../../src/docker/last-lines.js';

const lastOf = (count: number, chunks: readonly string[], maxKept?: number): Promise<string> =>
  text(Readable.from(chunks.map((chunk) => Buffer.from(chunk))).pipe(lastLines(count, maxKept)));

test('the last lines are left, wherever the chunks end', async () => {
  expect(await lastOf(2, ['a\nb', '\nc\n', 'd\n'])).toBe('c\nd\n');
  expect(await lastOf(2, ['a'])).toBe('a\n');
  expect(await lastOf(9, ['a\nb\n'])).toBe('a\nb\n');
  expect(await lastOf(0, ['a\nb\n'])).toBe('');
  expect(await lastOf(3, [])).toBe('');
});

test('of many lines only as many are kept as fit', async () => {
  const lines = Array.from({ length: 100_000 }, (_, index) => `${index}\n`);
  expect(await lastOf(2, lines)).toBe('99998\n99999\n');
  expect(await lastOf(1_000_000, lines, 12)).toBe('99998\n99999\n');
});
