import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openFolderTree } from '../../../src/verification/tree/folder-tree.js';
import { openTarTree } from '../../../src/verification/tree/tar-tree.js';
import type { OpenTree } from '../../../src/verification/tree/tree.js';
import { archiveOf, git } from '../../helpers/git-archive.js';
import { tempFolder } from '../../helpers/temp-folder.js';

const LONG = `${'folder-of-a-long-name/'.repeat(9)}file-in-it`;
const FILES = {
  'README.md': '# Hello\n',
  'src/main.py': 'print("hello")\n',
  'src/empty.txt': '',
  'src/größe.txt': 'ü\n',
  'src/a\nb': 'a name of two lines\n',
  [LONG]: 'deep\n',
  'big.bin': Buffer.alloc(70_000, 7),
};

const ways: readonly [string, (folder: string) => OpenTree][] = [
  ['an archive', (folder) => openTarTree(archiveOf(folder))],
  ['a folder', (folder) => openFolderTree(folder, { maxFiles: 1_000 })],
  [
    'the files of a folder that git knows',
    (folder) => {
      git(folder, 'init', '-q');
      git(folder, 'add', '--all');
      const paths = git(folder, 'ls-files', '-z').split('\0').filter(Boolean);
      return openFolderTree(folder, { maxFiles: 1_000, paths });
    },
  ],
];

describe.each(ways)('the tree of %s', (_what, open) => {
  const opened = (folder: string): OpenTree => {
    const tree = open(folder);
    onTestFinished(() => tree.close());
    return tree;
  };

  test('has files, folders and symlinks in the order of their paths', () => {
    const folder = tempFolder(FILES);
    chmodSync(join(folder, 'src/main.py'), 0o755);
    symlinkSync('main.py', join(folder, 'src/link'));
    symlinkSync('x'.repeat(150), join(folder, 'long-link'));
    const { entries } = opened(folder);
    expect(entries.map(({ path }) => path)).toEqual(entries.map(({ path }) => path).toSorted());
    const short = entries.filter(({ path }) => !path.startsWith('folder-'));
    expect(short.map(({ path, type, size, target }) => [path, type, size, target])).toEqual([
      ['README.md', 'file', 8, undefined],
      ['big.bin', 'file', 70_000, undefined],
      ['long-link', 'symlink', 0, 'x'.repeat(150)],
      ['src', 'folder', 0, undefined],
      ['src/a\nb', 'file', 20, undefined],
      ['src/empty.txt', 'file', 0, undefined],
      ['src/größe.txt', 'file', 3, undefined],
      ['src/link', 'symlink', 0, 'main.py'],
      ['src/main.py', 'file', 15, undefined],
    ]);
    expect(entries.filter(({ path }) => path.startsWith('folder-'))).toHaveLength(10);
  });

  test('says which files can be run', () => {
    const folder = tempFolder(FILES);
    chmodSync(join(folder, 'src/main.py'), 0o755);
    const tree = opened(folder);
    expect((tree.at('src/main.py')?.mode ?? 0) & 0o111).not.toBe(0);
    expect((tree.at('README.md')?.mode ?? 0) & 0o111).toBe(0);
  });

  test('reads files up to a limit', () => {
    const tree = opened(tempFolder(FILES));
    expect(tree.read('README.md', 100).toString()).toBe('# Hello\n');
    expect(tree.read('README.md', 3).toString()).toBe('# H');
    expect(tree.read(LONG, 100).toString()).toBe('deep\n');
    expect(tree.read('src/empty.txt', 100)).toHaveLength(0);
    expect(tree.read('big.bin', 1_000_000)).toEqual(Buffer.alloc(70_000, 7));
  });

  test('reads nothing but files', () => {
    const folder = tempFolder(FILES);
    symlinkSync('/etc/hostname', join(folder, 'out'));
    const tree = opened(folder);
    for (const path of ['none', 'src', 'out', '../x', 'README.md/x'])
      expect(() => tree.read(path, 10)).toThrow(/is no file/);
  });

  test('has a submodule as one, without what is in it', () => {
    const folder = tempFolder({ 'a.txt': 'a', 'lib/inner/code.c': 'int x;\n' });
    const inner = join(folder, 'lib/inner');
    git(inner, 'init', '-q');
    git(inner, 'add', '--all');
    git(inner, 'commit', '-q', '-m', 'Inner');
    const tree = opened(folder);
    expect(tree.entries.map(({ path, type }) => [path, type])).toEqual([
      ['a.txt', 'file'],
      ['lib', 'folder'],
      ['lib/inner', 'submodule'],
    ]);
  });

  test('can be empty', () => {
    const folder = tempFolder();
    mkdirSync(join(folder, '.git'));
    expect(opened(folder).entries).toEqual([]);
  });
});
