import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { noteListening } from '../../../src/api/serving/listening-note.js';
import { tempDataDir } from '../../helpers/temp-registry.js';

const noted = async (host: string): Promise<unknown> => {
  const dataDir = tempDataDir();
  await noteListening(dataDir, { scheme: 'https', host, port: 7878 }, true);
  return JSON.parse(readFileSync(join(dataDir, 'listening.json'), 'utf8'));
};

test.for([
  ['127.0.0.1', 'https://127.0.0.1:7878'],
  ['10.1.2.3', 'https://10.1.2.3:7878'],
  ['::1', 'https://[::1]:7878'],
  ['0.0.0.0', 'https://127.0.0.1:7878'],
  ['::', 'https://[::1]:7878'],
] as const)('a daemon on %s is found at %s', async ([host, url]) => {
  expect(await noted(host)).toEqual({ url, ownAuthority: true });
});

test('the note is there for its owner, for as long as the daemon listens', async () => {
  const dataDir = tempDataDir();
  const path = join(dataDir, 'listening.json');
  const takeBack = await noteListening(dataDir, { scheme: 'http', host: '::1', port: 1 }, false);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  await takeBack();
  await takeBack();
  expect(existsSync(path)).toBe(false);
});

test('a folder that cannot be written is an error that says so', async () => {
  const noting = noteListening('/nowhere', { scheme: 'http', host: '::1', port: 1 }, false);
  await expect(noting).rejects.toMatchObject({
    code: 'DATA_DIR_UNUSABLE',
    message: expect.stringContaining('Cannot write "/nowhere/listening.json"'),
  });
});
