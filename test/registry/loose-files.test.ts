import { chmodSync, chownSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openTempRegistry, tempDataDir } from '../helpers/temp-registry.js';

const modeOf = (path: string): number => statSync(path).mode & 0o777;
const isRoot = userInfo().uid === 0;

/** A data directory that was used and is closed. */
async function used(): Promise<string> {
  const { dataDir, close } = await openTempRegistry();
  await close();
  return dataDir;
}

const open = async (dataDir: string): Promise<unknown> => {
  const { close } = await openTempRegistry({ dataDir });
  return close();
};

describe('a data directory', () => {
  test('is made for its owner alone, with the folders above it as usual', async () => {
    const dataDir = join(tempDataDir(), 'new', 'data');
    await open(dataDir);
    expect(modeOf(dataDir)).toBe(0o700);
    expect(modeOf(join(dataDir, 'registrar.db'))).toBe(0o600);
  });

  test('that somebody made and is empty is taken for its owner alone', async () => {
    const dataDir = tempDataDir();
    chmodSync(dataDir, 0o755);
    writeFileSync(join(dataDir, '.gitkeep'), '');
    mkdirSync(join(dataDir, 'engine'), { mode: 0o700 });
    await open(dataDir);
    expect(modeOf(dataDir)).toBe(0o700);
  });

  test('with files of others is refused, and left as it is', async () => {
    const dataDir = tempDataDir();
    chmodSync(dataDir, 0o755);
    writeFileSync(join(dataDir, 'thesis.txt'), 'mine');
    await expect(open(dataDir)).rejects.toThrow(`may use "${dataDir}" (mode 0755), `);
    expect(modeOf(dataDir)).toBe(0o755);
  });

  test.each([
    ['itself', '', 0o750],
    ['the store', 'registrar.db', 0o644],
    ['the token', 'token', 0o660],
    ['the key of the authority', 'tls/ca.key', 0o604],
    ['the folder of certificates', 'tls', 0o711],
  ])('of which others may use %s is refused, with how to mend it', async (_what, name, mode) => {
    const dataDir = await used();
    mkdirSync(join(dataDir, 'tls'), { mode: 0o700 });
    for (const file of ['token', 'tls/ca.key'])
      writeFileSync(join(dataDir, file), 'x', { mode: 0o600 });
    await open(dataDir);
    chmodSync(join(dataDir, name), mode);
    await expect(open(dataDir)).rejects.toMatchObject({
      code: 'DATA_DIR_UNUSABLE',
      message: expect.stringContaining(
        `"${join(dataDir, name)}" (mode 0${mode.toString(8)}); see to it that nobody has read them, ` +
          `then run: chown -R ${userInfo().username} "${dataDir}" && chmod -R go= "${dataDir}"`,
      ) as string,
    });
  });

  test.skipIf(!isRoot)('that belongs to somebody else is refused', async () => {
    const dataDir = await used();
    chownSync(join(dataDir, 'registrar.db'), 10001, 10001);
    await expect(open(dataDir)).rejects.toThrow('registrar.db" (it belongs to user id 10001)');
  });

  test('may be a link to one', async () => {
    const link = join(tempDataDir(), 'link');
    const dataDir = await used();
    symlinkSync(dataDir, link);
    await open(link);
    chmodSync(dataDir, 0o755);
    await expect(open(link)).rejects.toThrow('(mode 0755)');
  });
});
