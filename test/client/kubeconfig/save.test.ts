import {
  chmodSync,
  existsSync,
  lstatSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { changeKubeconfig, createKubeconfig } from '../../../src/client/kubeconfig/save.js';
import { folderOf } from '../../helpers/cli.js';

const add = async (text: string): Promise<string> => `${text}added\n`;

test('a file that is not there is made with its folder, for the owner only', async () => {
  const path = join(folderOf({}), '.kube', 'config');
  await changeKubeconfig(path, add);
  expect(readFileSync(path, 'utf8')).toBe('added\n');
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('one that is there keeps its content and gets the mode of a secret', async () => {
  const folder = folderOf({ config: 'mine\n' });
  const path = join(folder, 'config');
  chmodSync(path, 0o644);
  await changeKubeconfig(path, add);
  expect(readFileSync(path, 'utf8')).toBe('mine\nadded\n');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['config']);
});

test('a link stays a link', async () => {
  const folder = folderOf({ 'real/config': 'mine\n' });
  symlinkSync('real/config', join(folder, 'config'));
  await changeKubeconfig(join(folder, 'config'), add);
  expect(lstatSync(join(folder, 'config')).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(folder, 'real/config'), 'utf8')).toBe('mine\nadded\n');
});

test('a change that fails leaves the file as it was, and unlocked', async () => {
  const path = join(folderOf({ config: 'mine\n' }), 'config');
  await expect(changeKubeconfig(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(readFileSync(path, 'utf8')).toBe('mine\n');
  expect(existsSync(`${path}.lock`)).toBe(false);
});

test('while kubectl changes it, it is left alone', async () => {
  const path = join(folderOf({ config: 'mine\n' }), 'config');
  writeFileSync(`${path}.lock`, '');
  await expect(changeKubeconfig(path, add)).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    message: `File "${path}" is being changed; try again, or remove "${path}.lock" if nobody does`,
  });
  expect(existsSync(`${path}.lock`)).toBe(true);
});

test('of several at once none is lost', async () => {
  const path = join(folderOf({}), 'config');
  const tryAgain = async (): Promise<void> => {
    await changeKubeconfig(path, add).catch(tryAgain);
  };
  await Promise.all(Array.from({ length: 5 }, tryAgain));
  expect(readFileSync(path, 'utf8')).toBe('added\n'.repeat(5));
});

test('a new file is never one that is there', async () => {
  const path = join(folderOf({ config: 'mine\n' }), 'config');
  await expect(createKubeconfig(path, 'new\n')).rejects.toThrow(
    'is there already; add to it with --merge',
  );
  expect(readFileSync(path, 'utf8')).toBe('mine\n');
});

test('a path that cannot be written says why', async () => {
  const path = join(folderOf({ file: '' }), 'file', 'config');
  await expect(changeKubeconfig(path, add)).rejects.toThrow(/ENOTDIR|EEXIST/);
});
