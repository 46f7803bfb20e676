import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { linesOf } from '../../src/client/lines.js';

async function* chunks(parts: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* parts;
}

async function collect(parts: readonly Buffer[], maxLength?: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of linesOf(chunks(parts), maxLength)) lines.push(line);
  return lines;
}

const buffers = (...parts: string[]): Buffer[] => parts.map((part) => Buffer.from(part));

test.for([
  ['lines across chunks', ['a', 'b\nc', '\n'], ['ab', 'c']],
  ['a last line without a line feed', ['a\nb'], ['a', 'b']],
  ['empty lines', ['\n\n'], ['', '']],
  ['nothing', [], []],
  ['line separators inside of JSON', ['"\u2028"\n'], ['"\u2028"']],
] as const)('linesOf() gives %s', async ([, parts, expected]) => {
  expect(await collect(buffers(...parts))).toEqual(expected);
});

test('linesOf() puts together a character that two chunks share', async () => {
  const euro = Buffer.from('€\n');
  expect(await collect([euro.subarray(0, 1), euro.subarray(1)])).toEqual(['€']);
});

test('linesOf() passes on an endless line in pieces', async () => {
  expect(await collect(buffers('aaaa', 'aaab\nc'), 3)).toEqual(['aaa', 'aaaab', 'c']);
});

property.prop([fc.array(fc.string()), fc.integer({ min: 1, max: 7 })])(
  'however the bytes are cut, the lines are the same',
  async (lines, size) => {
    const clean = lines.map((line) => line.replaceAll('\n', ''));
    const bytes = Buffer.from(clean.map((line) => `${line}\n`).join(''));
    const parts: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += size) parts.push(bytes.subarray(at, at + size));
    expect((await collect(parts)).join('\n')).toBe(bytes.toString('utf8').replace(/\n$/, ''));
  },
);
