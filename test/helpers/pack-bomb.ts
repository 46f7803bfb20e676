import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { DELIMITER, FLUSH, pkt } from './pkt-line.js';

const MIB = 1024 * 1024;
/** Types of objects in a pack. */
const [COMMIT, TREE, BLOB, DELTA] = [1, 2, 3, 7];
/** Of the band that the pack comes in, and the most that a line of it holds. */
const PACK_BAND = 1;
const MAX_LINE = 65_000;

/** A commit with one file of so many MiB, in a pack of a few kilobytes. */
export function aPackBomb(mebibytes: number): { commit: string; pack: Buffer } {
  const base = Buffer.alloc(MIB);
  const baseId = idOf('blob', [base]);
  const fileId = idOf(
    'blob',
    Array.from({ length: mebibytes }, () => base),
  );
  const tree = Buffer.concat([Buffer.from('100644 bomb\0'), Buffer.from(fileId, 'hex')]);
  const person = 'Eve <eve@example.org> 1 +0000';
  const commit = Buffer.from(
    `tree ${idOf('tree', [tree])}\nauthor ${person}\ncommitter ${person}\n\nboom\n`,
  );
  const entries = [
    entryOf(COMMIT, commit),
    entryOf(TREE, tree),
    entryOf(BLOB, base),
    entryOf(DELTA, deltaOf(mebibytes), Buffer.from(baseId, 'hex')),
  ];
  const head = Buffer.from([...Buffer.from('PACK'), 0, 0, 0, 2, 0, 0, 0, entries.length]);
  const body = Buffer.concat([head, ...entries]);
  const pack = Buffer.concat([body, createHash('sha1').update(body).digest()]);
  return { commit: idOf('commit', [commit]), pack };
}

/** How a server of version 2 answers when it is asked for one commit without its history. */
export function packAnswer(commit: string, pack: Buffer): Buffer {
  const lines = [];
  for (let at = 0; at < pack.length; at += MAX_LINE) {
    lines.push(pkt(Buffer.concat([Buffer.from([PACK_BAND]), pack.subarray(at, at + MAX_LINE)])));
  }
  const shallow = [pkt('shallow-info\n'), pkt(`shallow ${commit}\n`), DELIMITER];
  return Buffer.concat([...shallow, pkt('packfile\n'), ...lines, FLUSH]);
}

function idOf(type: string, parts: readonly Buffer[]): string {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const hash = createHash('sha1').update(`${type} ${size}\0`);
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

function entryOf(type: number, content: Buffer, base = Buffer.alloc(0)): Buffer {
  const rest = varint(Math.floor(content.length / 16));
  const first = (type << 4) | (content.length & 15) | (content.length < 16 ? 0 : 0x80);
  const head = Buffer.from([first, ...(content.length < 16 ? [] : rest)]);
  return Buffer.concat([head, base, deflateSync(content)]);
}

/** "Copy the first MiB", again and again. */
function deltaOf(mebibytes: number): Buffer {
  const copies = Array.from({ length: mebibytes }, () => [0xc0, 0x10]).flat();
  return Buffer.from([...varint(MIB), ...varint(mebibytes * MIB), ...copies]);
}

/** Seven bits a byte, the lowest first. */
function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...varint(Math.floor(value / 0x80))];
}
