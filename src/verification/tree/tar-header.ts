import { unreadable } from './unreadable.js';

/** Size of a header, and of the unit that contents are padded to. */
export const BLOCK = 512;

/** What a header says of what follows it. */
export interface TarHeader {
  /** One letter: `0` file, `1` hard link, `2` symlink, `5` folder, `g` and `x` more about others. */
  readonly type: string;
  /** With the prefix, as it is written. */
  readonly name: Buffer;
  readonly target: Buffer;
  /** Permission bits. */
  readonly mode: number;
  /** Bytes that follow. */
  readonly size: number;
}

const [CHECKSUM_FROM, CHECKSUM_TO] = [148, 156];

/** Reads a header. SOURCE_UNREADABLE for what is none, or is not of the format that git writes. */
export function readHeader(block: Buffer): TarHeader {
  if (octal(block, CHECKSUM_FROM, CHECKSUM_TO) !== checksumOf(block))
    throw unreadable('the archive is damaged (a checksum is wrong); fetch it again');
  if (block.toString('latin1', 257, 263) !== 'ustar\0')
    throw unreadable('the archive is of another format than git writes');
  return {
    type: block.toString('latin1', 156, 157).replace('\0', '0'),
    name: nameIn(block),
    target: text(block, 157, 257),
    mode: octal(block, 100, 108) & 0o7777,
    size: octal(block, 124, 136),
  };
}

function nameIn(block: Buffer): Buffer {
  const [prefix, name] = [text(block, 345, 500), text(block, 0, 100)];
  return prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from('/'), name]);
}

function text(block: Buffer, from: number, to: number): Buffer {
  const field = block.subarray(from, to);
  const end = field.indexOf(0);
  return end === -1 ? field : field.subarray(0, end);
}

function octal(block: Buffer, from: number, to: number): number {
  const digits = /^[0-7]+(?=[\0 ]*$)/.exec(block.toString('latin1', from, to))?.[0];
  if (digits === undefined) throw unreadable('a number in the archive cannot be read');
  return Number.parseInt(digits, 8);
}

/** The sum of all bytes, those of the checksum itself taken for spaces. */
function checksumOf(block: Buffer): number {
  const sum = (bytes: Buffer): number => bytes.reduce((total, byte) => total + byte, 0);
  const spaces = (CHECKSUM_TO - CHECKSUM_FROM) * 0x20;
  return sum(block) - sum(block.subarray(CHECKSUM_FROM, CHECKSUM_TO)) + spaces;
}
