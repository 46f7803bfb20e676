import {
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/lib/clock.js';
import { openRegistry } from '../../src/registry/open.js';
import { aManifest } from '../helpers/builders.js';
import { FakeClock } from '../helpers/fake-clock.js';
import { openTempRegistry, tempDataDir } from '../helpers/temp-registry.js';

/** A page in the WAL with what goes before it; the newest are at its beginning once it was full. */
const FRAME = 4096 + 24;
const FILES = ['registrar.db', 'registrar.db-wal', 'history.json'];

/**
 * A data directory as a daemon that was killed leaves it: with changes that are in the WAL alone, and
 * a note of how far it came.
 */
async function killed(): Promise<string> {
  const clock = new FakeClock();
  const { dataDir, registry } = await openTempRegistry({ clock });
  for (let index = 0; index < 200; index += 1)
    await registry.create('Module', aManifest(`module-${index}`));
  await clock.advance(10_000);
  await expect.poll(() => existsSync(join(dataDir, 'history.json'))).toBe(true);
  const copy = tempDataDir();
  for (const name of FILES) copyFileSync(join(dataDir, name), join(copy, name));
  return copy;
}

const reopened = async (dataDir: string): Promise<number> => {
  const registry = await openRegistry({ dataDir, clock: systemClock });
  const { length } = registry.list('Module').items;
  await registry.close();
  return length;
};

function overwrite(path: string, at: number): void {
  const bytes = Buffer.alloc(2048, 0xa5);
  writeSync(openSync(path, 'r+'), bytes, 0, bytes.length, at);
}

const sizeOf = (path: string): number => statSync(path).size;

describe('a store that a daemon was killed over', () => {
  test('has all of it, and a note that says how far it came', async () => {
    const dataDir = await killed();
    expect(JSON.parse(readFileSync(join(dataDir, 'history.json'), 'utf8'))).toMatchObject({
      resourceVersion: 200,
    });
    expect(await reopened(dataDir)).toBe(200);
  });

  test.each([
    ['whose WAL is cut off', (path: string) => truncateSync(`${path}-wal`, 2 * FRAME)],
    ['whose WAL has a page of garbage', (path: string) => overwrite(`${path}-wal`, 2 * FRAME)],
    ['whose WAL is gone', (path: string) => rmSync(`${path}-wal`)],
    [
      'that is empty',
      (path: string) => [`${path}-wal`, path].forEach((one) => writeFileSync(one, '')),
    ],
    ['that is gone', (path: string) => [`${path}-wal`, path].forEach((one) => rmSync(one))],
  ])('%s is damaged, and nothing is written to it', async (_what, damage) => {
    const dataDir = await killed();
    const path = join(dataDir, 'registrar.db');
    damage(path);
    await expect(reopened(dataDir)).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
    await expect(reopened(dataDir)).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
  });
});

describe('a store that was closed well', () => {
  test.each([
    ['its head', 0],
    ['a page of a table', 5 * 4096],
    ['a page at its end', -4096],
  ])('with garbage in %s is damaged', async (_what, at) => {
    const dataDir = await killed();
    await reopened(dataDir);
    const path = join(dataDir, 'registrar.db');
    overwrite(path, at < 0 ? sizeOf(path) + at : at);
    await expect(reopened(dataDir)).rejects.toMatchObject({
      code: 'STORE_DAMAGED',
      message: expect.stringContaining('registrar restore') as string,
    });
  });

  test('in place of which an older copy was put is damaged, and says how to go on with it', async () => {
    const dataDir = await killed();
    await reopened(dataDir);
    const path = join(dataDir, 'registrar.db');
    copyFileSync(path, `${path}.old`);
    const registry = await openRegistry({ dataDir, clock: systemClock });
    await registry.create('Module', aManifest('newest'));
    await registry.close();
    copyFileSync(`${path}.old`, path);
    await expect(reopened(dataDir)).rejects.toThrow(
      'it ends with resourceVersion 200, and had come to 201; to go on with what is left',
    );
  });

  test('is as good without a note, or with one that is none', async () => {
    const dataDir = await killed();
    writeFileSync(join(dataDir, 'history.json'), '{"resourceVersion": "many"}', { mode: 0o600 });
    expect(await reopened(dataDir)).toBe(200);
    rmSync(join(dataDir, 'history.json'));
    expect(await reopened(dataDir)).toBe(200);
  });
});
