import { readFileSync } from 'node:fs';
import { run } from './run.js';

/** @param {string} text a field of mountinfo, where a space is written as \040 */
const unescape = (text) =>
  text.replace(/\\([0-7]{3})/g, (_, digits) => String.fromCharCode(parseInt(digits, 8)));

/**
 * Unmounts what is mounted at or below a folder, the deepest first.
 *
 * @param {string} folder
 */
export async function unmountBelow(folder) {
  const points = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => unescape(line.split(' ')[4] ?? ''))
    .filter((point) => point === folder || point.startsWith(`${folder}/`));
  for (const point of points.toReversed()) {
    if ((await run('umount', ['--lazy', point])) !== 0)
      throw new Error(`Cannot unmount "${point}"`);
  }
}
