import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PRIVATE_FILE, replaceFile } from '../../src/lib/durable-file.js';
import { tempDataDir } from '../helpers/temp-registry.js';

test('makes a file and replaces it, with the mode that is asked for', async () => {
  const folder = tempDataDir();
  const path = join(folder, 'file');
  await replaceFile(path, 'one', PRIVATE_FILE);
  chmodSync(path, 0o644);
  await replaceFile(path, 'two', PRIVATE_FILE);
  expect(readFileSync(path, 'utf8')).toBe('two');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['file']);
});

test('what is being read stays whole', async () => {
  const path = join(tempDataDir(), 'file');
  writeFileSync(path, 'old');
  const before = statSync(path).ino;
  await replaceFile(path, 'new', PRIVATE_FILE);
  expect(statSync(path).ino).not.toBe(before);
});

test('leaves nothing behind when it cannot', async () => {
  const folder = tempDataDir();
  mkdirSync(join(folder, 'taken'));
  await expect(replaceFile(join(folder, 'taken'), 'x', PRIVATE_FILE)).rejects.toMatchObject({
    code: 'EISDIR',
  });
  expect(readdirSync(folder)).toEqual(['taken']);
});
