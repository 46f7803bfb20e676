import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { limitBytes } from '../../src/lib/limit-bytes.js';

const chunks = (): Readable => Readable.from(['one\n', 'two\n', 'three\n']);

it.each([
  [1, 'o'],
  [4, 'one\n'],
  [5, 'one\nt'],
  [999, 'one\ntwo\nthree\n'],
  [undefined, 'one\ntwo\nthree\n'],
])('gives the first %s bytes', async (limit, expected) => {
  expect(await text(limitBytes(chunks(), limit))).toBe(expected);
});

it('lets go of a source that goes on when there is enough, and when nobody reads', async () => {
  const source = new PassThrough();
  const limited = limitBytes(source, 3);
  source.write('hello');
  const closed = once(source, 'close');
  expect(await text(limited)).toBe('hel');
  await closed;
  const silent = new PassThrough();
  limitBytes(silent, 3).destroy();
  await once(silent, 'close');
});

it('fails when the source does', async () => {
  const source = new PassThrough();
  const limited = limitBytes(source, 3);
  source.destroy(new Error('gone'));
  await expect(text(limited)).rejects.toThrow('gone');
});
