/** Size of a header, and of the unit that contents are padded to. */
export const TAR_BLOCK = 512;

/** What is needed of one entry's header. */
export interface TarEntry {
  readonly isFolder: boolean;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
}

/** An archive with one folder in it, which extracting gives that owner and mode 0755. */
export function folderArchive(name: string, uid: number, gid: number): Buffer {
  const archive = Buffer.alloc(3 * TAR_BLOCK);
  archive.write(`${name}/`, 0, 100);
  writeOctal(archive, 0o755, 100, 8);
  writeOctal(archive, uid, 108, 8);
  writeOctal(archive, gid, 116, 8);
  writeOctal(archive, 0, 124, 12);
  writeOctal(archive, 0, 136, 12);
  archive.write('        5', 148);
  archive.write('ustar\u000000', 257, 'latin1');
  const sum = archive.subarray(0, TAR_BLOCK).reduce((total, byte) => total + byte, 0);
  archive.write(`${sum.toString(8).padStart(6, '0')}\u0000 `, 148, 'latin1');
  return archive;
}

/** The entry whose header begins a block; undefined at the end of an archive. */
export function readEntry(block: Buffer): TarEntry | undefined {
  if (block.length < TAR_BLOCK || block[0] === 0) return undefined;
  return {
    isFolder: block.toString('latin1', 156, 157) === '5',
    uid: readOctal(block, 108, 8),
    gid: readOctal(block, 116, 8),
    size: readOctal(block, 124, 12),
  };
}

/** Octal digits; for what does not fit in them, base 256 with the highest bit set. */
function writeOctal(target: Buffer, value: number, offset: number, length: number): void {
  const digits = value.toString(8).padStart(length - 1, '0');
  if (digits.length < length) {
    target.write(digits, offset, 'latin1');
    return;
  }
  target.writeUIntBE(value, offset + length - 6, 6);
  target[offset] = 0x80;
}

/** NaN for a number in another notation than octal: no owner and no size we write. */
function readOctal(source: Buffer, offset: number, length: number): number {
  const text = source.toString('latin1', offset, offset + length).replace(/[\0 ]+$/, '');
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number.NaN;
}
