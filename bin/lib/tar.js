/**
 * @typedef {object} Entry
 * @property {string} path at most 100 bytes
 * @property {'file' | 'link' | 'folder'} type
 * @property {number} [mode]
 * @property {number} [owner] user and group
 * @property {Buffer} [content] of a file
 * @property {string} [target] of a symbolic link
 */

const BLOCK = 512;
const TYPE_FLAGS = { file: '0', link: '2', folder: '5' };
const DEFAULT_MODES = { file: 0o644, link: 0o777, folder: 0o755 };

/** @param {number} value @param {number} width */
const octal = (value, width) => `${value.toString(8).padStart(width - 1, '0')}\0`;

/** @param {Entry} entry */
function header({ path, type, mode = DEFAULT_MODES[type], owner = 0, content, target = '' }) {
  const block = Buffer.alloc(BLOCK);
  block.write(path, 0, 100);
  block.write(octal(mode, 8), 100);
  block.write(octal(owner, 8), 108);
  block.write(octal(owner, 8), 116);
  block.write(octal(content?.length ?? 0, 12), 124);
  // The time is always 0, so that equal entries make an equal archive.
  block.write(octal(0, 12), 136);
  block.write(' '.repeat(8), 148);
  block.write(TYPE_FLAGS[type], 156);
  block.write(target, 157, 100);
  block.write('ustar\x0000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 7)} `, 148);
  return block;
}

/** @param {number} length */
const padding = (length) => Buffer.alloc((BLOCK - (length % BLOCK)) % BLOCK);

/**
 * A tar archive (ustar); the same for the same entries.
 *
 * @param {readonly Entry[]} entries
 */
export function tar(entries) {
  const blocks = entries.flatMap((entry) => {
    const content = entry.content ?? Buffer.alloc(0);
    return [header(entry), content, padding(content.length)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

/**
 * Content of the first entry of a tar archive.
 *
 * @param {Buffer} archive
 */
export function firstFile(archive) {
  const size = parseInt(archive.subarray(124, 136).toString(), 8);
  return archive.subarray(BLOCK, BLOCK + size);
}
