import { fc, test as property } from '@fast-check/vitest';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { LogFrames, logText } from '../../src/docker/log-frames.js';
import { inChunks } from '../helpers/in-chunks.js';

function frame(stream: number, content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  const header = Buffer.alloc(8);
  header.writeUInt8(stream);
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

const line = fc.string({ unit: 'grapheme' }).map((content) => content.replaceAll('\n', ''));

property.prop([
  fc.array(fc.record({ stream: fc.constantFrom(1, 2), line }), { maxLength: 6 }),
  fc.array(fc.nat({ max: 20 })),
])('lines of both streams come out whole however the frames are cut', (written, cuts) => {
  const bytes = Buffer.concat(written.map((one) => frame(one.stream, `${one.line}\n`)));
  const frames = new LogFrames();
  const found = inChunks(bytes, cuts).flatMap((chunk) => frames.push(chunk));
  expect(found).toEqual(written.map((one) => one.line));
  expect(frames.end()).toEqual([]);
});

test('a line in two frames is one line, and errors between them do not break it', () => {
  const frames = new LogFrames();
  const bytes = [frame(1, 'half a '), frame(2, 'error\n'), frame(1, 'line\n'), frame(1, '')];
  expect(frames.push(Buffer.concat(bytes))).toEqual(['error', 'half a line']);
});

test('a character in two frames is one character', () => {
  const euro = Buffer.from('€\n');
  const frames = new LogFrames();
  const bytes = [frame(1, euro.subarray(0, 1)), frame(1, euro.subarray(1))];
  expect(frames.push(Buffer.concat(bytes))).toEqual(['€']);
});

test('the time of a piece inside a line is left out, however the pieces are cut', () => {
  const pieces = [
    frame(1, 'T1 long '),
    frame(2, 'T2 error\n'),
    frame(1, 'T3 line\n'),
    frame(1, 'T4 next\n'),
  ];
  const bytes = Buffer.concat(pieces);
  for (let size = 1; size < bytes.length; size += 1) {
    const frames = new LogFrames(true);
    const cuts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) => n * size);
    const lines = cuts.flatMap((at) => frames.push(bytes.subarray(at, at + size)));
    expect(lines).toEqual(['T2 error', 'T1 long line', 'T4 next']);
  }
});

test('what has no end of line at the end comes all the same', async () => {
  const framed = Readable.from([frame(1, 'a\nb')]).pipe(logText(false));
  expect(await text(framed)).toBe('a\nb\n');
});

test('a terminal has no frames', async () => {
  const raw = Readable.from([Buffer.from('a\r\nb\n')]).pipe(logText(true));
  expect(await text(raw)).toBe('a\r\nb\n');
});

test('a frame that says it is huge does not make us keep it', () => {
  const header = Buffer.alloc(8);
  header.writeUInt8(1);
  header.writeUInt32BE(0xffffffff, 4);
  const frames = new LogFrames();
  frames.push(header);
  const lines = Array.from({ length: 10 }, () => frames.push(Buffer.alloc(64 * 1024, 'x'))).flat();
  expect(lines.join('').length).toBeGreaterThanOrEqual(9 * 64 * 1024);
});
