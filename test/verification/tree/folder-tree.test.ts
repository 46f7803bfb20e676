import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFolderTree } from '../../../src/verification/tree/folder-tree.js';
import { tempFolder } from '../../helpers/temp-folder.js';

const maxFiles = 100;

test('leaves out what git keeps, and nothing else that begins with a point', () => {
  const folder = tempFolder({ '.git/config': 'x', '.env': 'x', '.gitignore': '.env' });
  const { entries } = openFolderTree(folder, { maxFiles });
  expect(entries.map(({ path }) => path)).toEqual(['.env', '.gitignore']);
});

test('has only the files of a list, and those that are still there', () => {
  const folder = tempFolder({ 'a/b': 'x', 'a/c': 'x', d: 'x' });
  const { entries } = openFolderTree(folder, { maxFiles, paths: ['a/b', 'gone', 'd'] });
  expect(entries.map(({ path }) => path)).toEqual(['a', 'a/b', 'd']);
});

test.each(['../x', '/etc/passwd', 'a/../../x', ''])(
  'takes no path like "%s" from a list',
  (path) => {
    const folder = tempFolder({ 'a/b': 'x' });
    expect(() => openFolderTree(folder, { maxFiles, paths: [path] })).toThrow(/no path inside/);
  },
);

test('does not go through a symlink, in a list either', () => {
  const outside = tempFolder({ secret: 'x' });
  const folder = tempFolder({ a: 'x' });
  symlinkSync(outside, join(folder, 'link'));
  expect(openFolderTree(folder, { maxFiles }).entries).toMatchObject([
    { path: 'a' },
    { path: 'link', type: 'symlink', target: outside },
  ]);
  expect(() => openFolderTree(folder, { maxFiles, paths: ['link/secret'] })).toThrow(/no folder/);
});

test('a pipe is there as what it is, and is never opened', () => {
  const folder = tempFolder();
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  const tree = openFolderTree(folder, { maxFiles });
  expect(tree.at('pipe')).toMatchObject({ type: 'special' });
  expect(() => tree.read('pipe', 1)).toThrow(/no file/);
});

test('a file that became another one meanwhile is not read', () => {
  const outside = tempFolder({ secret: 'secret' });
  const folder = tempFolder({ 'a/file': 'public' });
  const tree = openFolderTree(folder, { maxFiles });
  renameSync(join(folder, 'a'), join(folder, 'old'));
  symlinkSync(outside, join(folder, 'a'));
  writeFileSync(join(outside, 'file'), 'secret');
  expect(() => tree.read('a/file', 100)).toThrow(/changed while/);
});

test('a file that became a symlink meanwhile is not followed', () => {
  const outside = tempFolder({ secret: 'secret' });
  const folder = tempFolder({ file: 'public' });
  const tree = openFolderTree(folder, { maxFiles });
  renameSync(join(folder, 'file'), join(folder, 'old'));
  symlinkSync(join(outside, 'secret'), join(folder, 'file'));
  expect(() => tree.read('file', 100)).toThrow(/ELOOP/);
});

test('refuses more files than it is told', () => {
  const folder = tempFolder();
  for (let index = 0; index < 11; index += 1) mkdirSync(join(folder, `f${index}`));
  expect(openFolderTree(folder, { maxFiles: 11 }).entries).toHaveLength(11);
  expect(() => openFolderTree(folder, { maxFiles: 10 })).toThrow(/more than 10 files/);
});

test('refuses a name that is no text', () => {
  const folder = tempFolder();
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0x61])]), 'x');
  expect(() => openFolderTree(folder, { maxFiles })).toThrow(/not UTF-8/);
});
