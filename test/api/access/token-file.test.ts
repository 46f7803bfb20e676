import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadOrCreateToken, TOKEN_FILE } from '../../../src/api/access/token-file.js';
import { isSecret } from '../../../src/kinds/token/secret.js';
import { shortDirectory } from '../test-server.js';

describe('loadOrCreateToken()', () => {
  it('makes a token that only its owner can read, and finds it again', async () => {
    const dataDir = shortDirectory();
    const token = await loadOrCreateToken(dataDir);
    expect(isSecret(token)).toBe(true);
    expect(readdirSync(dataDir)).toEqual([TOKEN_FILE]);
    const path = join(dataDir, TOKEN_FILE);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toBe(`${token}\n`);
    expect(await loadOrCreateToken(dataDir)).toBe(token);
  });

  it('makes another one each time', async () => {
    const tokens = await Promise.all([1, 2, 3].map(() => loadOrCreateToken(shortDirectory())));
    expect(new Set(tokens).size).toBe(3);
  });

  it.each([0o644, 0o640, 0o604, 0o620])('refuses a file of mode %o and says why', async (mode) => {
    const dataDir = shortDirectory();
    await loadOrCreateToken(dataDir);
    chmodSync(join(dataDir, TOKEN_FILE), mode);
    await expect(loadOrCreateToken(dataDir)).rejects.toMatchObject({
      code: 'DATA_DIR_UNUSABLE',
      message: expect.stringMatching(/is open to other users: .*chmod 600/),
    });
  });

  it.each(['', 'secret', 'rgt_short', `rgt_${'a'.repeat(49)}`])(
    'refuses the content "%s"',
    async (text) => {
      const dataDir = shortDirectory();
      writeFileSync(join(dataDir, TOKEN_FILE), text, { mode: 0o600 });
      await expect(loadOrCreateToken(dataDir)).rejects.toMatchObject({
        code: 'DATA_DIR_UNUSABLE',
        message: expect.stringContaining('does not hold a token'),
      });
    },
  );

  it('refuses a directory, a link and a file that is too large in its place', async () => {
    const dataDir = shortDirectory();
    const path = join(dataDir, TOKEN_FILE);
    mkdirSync(path, { mode: 0o700 });
    await expect(loadOrCreateToken(dataDir)).rejects.toMatchObject({ code: 'DATA_DIR_UNUSABLE' });
    rmSync(path, { recursive: true });
    symlinkSync('/dev/zero', path);
    await expect(loadOrCreateToken(dataDir)).rejects.toMatchObject({ code: 'DATA_DIR_UNUSABLE' });
    rmSync(path);
    writeFileSync(path, 'x'.repeat(5000), { mode: 0o600 });
    await expect(loadOrCreateToken(dataDir)).rejects.toMatchObject({ code: 'DATA_DIR_UNUSABLE' });
  });

  it('says so when the directory does not exist', async () => {
    const dataDir = join(shortDirectory(), 'none');
    await expect(loadOrCreateToken(dataDir)).rejects.toMatchObject({ code: 'DATA_DIR_UNUSABLE' });
  });
});
