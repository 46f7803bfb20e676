import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { isRegistrarError } from '../../../src/model/errors.js';
import { openTarTree } from '../../../src/verification/tree/tar-tree.js';
import type { OpenTree } from '../../../src/verification/tree/tree.js';
import { codeOf } from '../../helpers/code-of.js';
import { paxRecord, tarOf, tarPart } from '../../helpers/tar.js';
import type { TarPart } from '../../helpers/tar.js';
import { tempFolder } from '../../helpers/temp-folder.js';

function opened(bytes: Buffer, options = {}): OpenTree {
  const file = join(tempFolder(), 'source.tar');
  writeFileSync(file, bytes);
  const tree = openTarTree(file, options);
  onTestFinished(() => tree.close());
  return tree;
}

const file = (name: string, content = 'x'): TarPart => ({ name, content });
const pax = (...records: string[]): TarPart => ({ type: 'x', content: records.join('') });

test('takes what pax records say in place of the header', () => {
  const long = `${'a'.repeat(200)}/b`;
  const tree = opened(
    tarOf([
      { type: 'g', content: paxRecord('comment', 'c'.repeat(40)) },
      pax(paxRecord('path', long), paxRecord('mtime', '1.5')),
      file('short', 'hello'),
      pax(paxRecord('linkpath', 'target')),
      { name: 'link', type: '2', target: 'other' },
      { name: 'name', prefix: 'in/prefix', content: 'deep' },
    ]),
  );
  expect(tree.read(long, 9).toString()).toBe('hello');
  expect(tree.at('link')).toMatchObject({ type: 'symlink', target: 'target' });
  expect(tree.read('in/prefix/name', 9).toString()).toBe('deep');
  expect(tree.at('in/prefix')).toMatchObject({ type: 'folder' });
});

test('devices and pipes are there as what they are', () => {
  const tree = opened(tarOf(['3', '4', '6'].map((type) => ({ name: `d${type}`, type }))));
  expect(tree.entries.map(({ type }) => type)).toEqual(['special', 'special', 'special']);
});

const big = Buffer.alloc(200 * 512, 1);
const cases: readonly [string, Buffer, RegExp][] = [
  ['nothing at all', Buffer.alloc(0), /cut off/],
  ['no end', tarOf([file('a')], Buffer.alloc(0)), /cut off/],
  ['half an end', tarOf([file('a')], Buffer.alloc(512)), /cut off/],
  ['an end in the middle of a header', tarOf([file('a')]).subarray(0, 1_300), /cut off/],
  ['more contents than there are', tarOf([{ ...file('a'), size: 90_000 }]), /cut off/],
  [
    'fewer contents than there are',
    tarOf([{ content: 'x'.repeat(900), size: 1 }]),
    /cannot be read/,
  ],
  ['a damaged header', tarOf([{ ...file('a'), damage: true }]), /checksum/],
  ['text', Buffer.from('hello '.repeat(500)), /cannot be read|checksum/],
  [
    'something behind the end',
    tarOf([file('a')], Buffer.concat([tarOf([]), tarPart({})])),
    /behind/,
  ],
  ['a lot behind the end', tarOf([file('a')], Buffer.alloc(big.length)), /behind/],
  ['a path out of it', tarOf([file('../a')]), /no path inside/],
  ['a path out of a folder of it', tarOf([file('a/../../b')]), /no path inside/],
  ['an absolute path', tarOf([file('/etc/passwd')]), /no path inside/],
  ['an absolute path in pax records', tarOf([pax(paxRecord('path', '/a')), file('b')]), /inside/],
  ['a path with a point', tarOf([file('./a')]), /no path inside/],
  ['no name', tarOf([file('')]), /no path inside/],
  ['a name with a zero byte', tarOf([pax(paxRecord('path', 'a\0b')), file('b')]), /inside/],
  [
    'a name that is no UTF-8',
    tarOf([{ type: 'x', content: Buffer.from('9 path=\xff\n', 'latin1') }, file('a')]),
    /not UTF-8/,
  ],
  [
    'a path of 5,000 bytes',
    tarOf([pax(paxRecord('path', 'a/'.repeat(2_500) + 'a')), file('b')]),
    /long/,
  ],
  ['a name twice', tarOf([file('a'), file('a')]), /twice/],
  ['a file and a folder of a name', tarOf([file('a'), { name: 'a/', type: '5' }]), /twice/],
  ['a file in a file', tarOf([file('a'), file('a/b')]), /no folder/],
  ['a file in a symlink', tarOf([{ name: 'a', type: '2', target: '/' }, file('a/b')]), /no folder/],
  ['a hard link', tarOf([file('a'), { name: 'b', type: '1', target: 'a' }]), /hard link/],
  ['an old long name', tarOf([{ name: '././@LongLink', type: 'L', content: 'a' }]), /inside/],
  ['a sparse file', tarOf([{ name: 'a', type: 'S' }]), /unknown kind/],
  [
    'a sparse file in pax records',
    tarOf([pax(paxRecord('GNU.sparse.major', '1')), file('a')]),
    /extension/,
  ],
  [
    'a path for all',
    tarOf([{ type: 'g', content: paxRecord('path', 'x') }, file('a')]),
    /where git/,
  ],
  [
    'records of records',
    tarOf([pax(paxRecord('path', 'x')), pax(paxRecord('path', 'y')), file('a')]),
    /where git/,
  ],
  [
    'records twice',
    tarOf([pax(paxRecord('path', 'x'), paxRecord('path', 'y')), file('a')]),
    /twice/,
  ],
  ['records of nothing', tarOf([pax(paxRecord('path', 'x'))]), /cut off/],
  ['a record without a length', tarOf([pax('path=x\n'), file('a')]), /cannot be read/],
  ['a record longer than there is', tarOf([pax('99 path=x\n'), file('a')]), /cannot be read/],
  ['a record that ends early', tarOf([pax('5 path=x\n'), file('a')]), /cannot be read/],
  ['a lot of records', tarOf([{ type: 'x', content: big }]), /too long/],
  ['a size that is none', tarOf([pax(paxRecord('size', '-1')), file('a')]), /no number/],
  ['a size beyond its end', tarOf([pax(paxRecord('size', '99999999')), file('a')]), /cut off/],
  ['a folder with contents', tarOf([{ name: 'a', type: '5', content: 'x' }]), /no file/],
];

test.each(cases)('refuses an archive with %s', async (_what, bytes, message) => {
  expect(await codeOf((async () => opened(bytes))())).toBe('SOURCE_UNREADABLE');
  expect(() => opened(bytes)).toThrow(message);
});

test('refuses more entries than it is told', () => {
  const bytes = tarOf([file('a'), file('b'), file('c')]);
  expect(opened(bytes, { maxEntries: 3 }).entries).toHaveLength(3);
  expect(() => opened(bytes, { maxEntries: 2 })).toThrow(/more than 2/);
});

test('an archive with a changed byte is refused, or says the same of what is in it', () => {
  const bytes = tarOf([file('a/b', 'hello'), { name: 'l', type: '2', target: 'a' }]);
  const path = join(tempFolder(), 'source.tar');
  const seen = new Set<string>();
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 0x2e;
    writeFileSync(path, changed);
    seen.add(pathsOf(path));
  }
  expect(seen).toEqual(new Set(['a a/b l', 'SOURCE_UNREADABLE']));
});

function pathsOf(path: string): string {
  try {
    const tree = openTarTree(path);
    tree.close();
    return tree.entries.map((entry) => entry.path).join(' ');
  } catch (error) {
    return isRegistrarError(error) ? error.code : String(error);
  }
}
