import type { Problem } from '../../../model/verification.js';
import { check } from '../../check.js';
import type { Tree } from '../../tree/tree.js';

/** How much of a file says what it is: the second header of a PE begins within. */
const HEAD = 4096;

/** What a file is by its first bytes; undefined for anything else. */
type Kind = (head: Buffer) => string | undefined;

const starts = (head: Buffer, hex: string): boolean =>
  head.subarray(0, hex.length / 2).equals(Buffer.from(hex, 'hex'));

/** Mach-O for one processor, in both byte orders, 32 and 64 bits. */
const MACH_O = ['feedface', 'feedfacf', 'cefaedfe', 'cffaedfe'];

/** A Mach-O for several processors begins as a class of Java does, whose version is 45 at least. */
const isUniversal = (head: Buffer): boolean =>
  starts(head, 'cafebabe') && head.length >= 8 && head.readUInt32BE(4) < 45;

function programKind(head: Buffer): string | undefined {
  if (starts(head, '7f454c46')) return 'Linux (ELF)';
  if (starts(head, '4d5a') && head.length >= 64 && isPe(head)) return 'Windows (PE)';
  return MACH_O.some((hex) => starts(head, hex)) || isUniversal(head)
    ? 'macOS (Mach-O)'
    : undefined;
}

/** The first header says where the second one is. */
function isPe(head: Buffer): boolean {
  const offset = head.readUInt32LE(60);
  return head.toString('latin1', offset, offset + 4) === 'PE\0\0';
}

const ARCHIVES: readonly (readonly [hex: string, kind: string])[] = [
  ['504b0304', 'zip'],
  ['1f8b08', 'gzip'],
  ['fd377a585a00', 'xz'],
  ['425a68', 'bzip2'],
  ['377abcaf271c', '7z'],
  ['28b52ffd', 'zstd'],
  ['526172211a07', 'rar'],
];

function archiveKind(head: Buffer): string | undefined {
  if (head.toString('latin1', 257, 262) === 'ustar') return 'tar';
  return ARCHIVES.find(([hex]) => starts(head, hex))?.[1];
}

const found = (tree: Tree, kindOf: Kind, message: (kind: string) => string): Problem[] =>
  tree.entries
    .filter(({ type, size }) => type === 'file' && size > 0)
    .flatMap(({ path: file }) => {
      const kind = kindOf(tree.read(file, HEAD));
      return kind === undefined ? [] : [{ file, message: message(kind) }];
    });

/** Programs come as their source. */
export const BINARIES = check({
  id: 'tree/binaries',
  title: 'Programs are there as source, not as binaries',
  severity: 'medium',
  mode: 'warn',
  about: 'tree',
  why: 'Nobody can review what a binary does, and nothing shows that it was made from the source beside it.',
  remedy: 'Build it from source in the Dockerfile, or get it there by a checksum',
  run: ({ tree }) => found(tree, programKind, (kind) => `It is a program for ${kind}`),
});

/** Archives are noted: what is in them is not looked at. */
export const ARCHIVED = check({
  id: 'tree/archives',
  title: 'Files are there as they are, not in archives',
  severity: 'low',
  mode: 'warn',
  about: 'tree',
  why: 'No check looks into an archive, and a small one can unpack to more than the disk holds.',
  remedy: 'Commit the files themselves, or get the archive at build time by a checksum',
  run: ({ tree }) => found(tree, archiveKind, (kind) => `It is an archive (${kind})`),
});
