import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { readProtobuf } from '../../src/lib/protobuf.js';
import { protobuf, varint } from '../helpers/protobuf.js';

const bytes = (...numbers: number[]): Uint8Array => Uint8Array.from(numbers);
const text = (value: Uint8Array | undefined): string => Buffer.from(value ?? []).toString();

describe('readProtobuf()', () => {
  it('reads texts and passes over numbers', () => {
    const numbers = [0x08, 0x96, 0x01, 0x11, 1, 2, 3, 4, 5, 6, 7, 8, 0x1d, 1, 2, 3, 4];
    const message = readProtobuf(Buffer.concat([bytes(...numbers), protobuf([4, 'four'])]));
    expect([...(message?.keys() ?? [])]).toEqual([4]);
    expect(text(message?.get(4))).toBe('four');
  });

  it('takes the last of a field that comes again', () => {
    const message = readProtobuf(protobuf([1, 'first'], [2, 'x'], [1, 'last']));
    expect(text(message?.get(1))).toBe('last');
  });

  it('takes nothing for a message without fields', () => {
    expect(readProtobuf(bytes())?.size).toBe(0);
  });

  it.each([
    ['a tag without a value', bytes(0x0a)],
    ['a length beyond the end', bytes(0x0a, 5, 1, 2)],
    ['a length of four gigabytes', bytes(0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f)],
    ['a number that never ends', bytes(0x08, ...Array.from({ length: 12 }, () => 0xff))],
    ['a number that is cut off', bytes(0x08, 0x80)],
    ['eight bytes that are seven', bytes(0x09, 1, 2, 3, 4, 5, 6, 7)],
    ['four bytes that are three', bytes(0x0d, 1, 2, 3)],
    ['a group', bytes(0x0b, 0x0c)],
    ['an unknown wire type', bytes(0x0f)],
    ['field 0', bytes(0x02, 0)],
    ['a field number out of bounds', Buffer.concat([varint(2 ** 32 + 2), bytes(0)])],
    [
      'a thousand and one fields',
      Buffer.concat(Array.from({ length: 1001 }, () => bytes(0x08, 1))),
    ],
  ])('refuses %s', (_what, message) => {
    expect(readProtobuf(message)).toBeUndefined();
  });

  const fields = fc.uniqueArray(
    fc.tuple(fc.integer({ min: 1, max: 2 ** 29 - 1 }), fc.string({ unit: 'binary' })),
    { selector: ([number]) => number, maxLength: 20 },
  );
  test.prop([fields])('reads what was written', (written) => {
    const read = readProtobuf(protobuf(...written));
    expect([...(read ?? [])].map(([number, value]) => [number, Buffer.from(value)])).toEqual(
      written.map(([number, value]) => [number, Buffer.from(value)]),
    );
  });

  test.prop([fc.uint8Array({ maxLength: 200 })])('takes any bytes without harm', (any) => {
    const read = readProtobuf(any);
    const sizes = [...(read?.values() ?? [])].map((value) => value.length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(any.length);
  });

  test.prop([fields, fc.nat(), fc.nat({ max: 255 })])(
    'takes a message with a wrong byte without harm',
    (written, at, byte) => {
      const message = Uint8Array.from(protobuf(...written));
      if (message.length > 0) message[at % message.length] = byte;
      expect(() => readProtobuf(message)).not.toThrow();
    },
  );
});
