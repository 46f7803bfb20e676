import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { silentLog } from '../../../src/lib/log.js';
import { ConfigHints } from '../../../src/triggers/config/hints.js';
import { tempDataDir } from '../../helpers/temp-registry.js';

let root: string;
let directory: string;
let hints: number;

beforeEach(() => {
  root = tempDataDir();
  directory = join(root, 'config');
  hints = 0;
});

async function start(): Promise<void> {
  const watcher = new ConfigHints(directory, () => (hints += 1), silentLog);
  onTestFinished(() => watcher.close());
  await watcher.restart();
  await quiet();
}

/** Waits until no hint has come for a while, so that the next one has a cause of its own. */
async function quiet(): Promise<void> {
  for (let before = -1; before !== hints;) {
    before = hints;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

/** True once a hint came after the change. */
async function isHinted(change: () => void): Promise<boolean> {
  const before = hints;
  change();
  await vi.waitUntil(() => hints > before, { timeout: 30_000 });
  await quiet();
  return true;
}

describe('ConfigHints', () => {
  it('tells of files that come, change and go, in new folders too', async () => {
    mkdirSync(directory);
    await start();
    expect(await isHinted(() => writeFileSync(join(directory, 'a.yaml'), 'one'))).toBe(true);
    expect(await isHinted(() => writeFileSync(join(directory, 'a.yaml'), 'two'))).toBe(true);
    expect(await isHinted(() => mkdirSync(join(directory, 'sub')))).toBe(true);
    expect(await isHinted(() => writeFileSync(join(directory, 'sub', 'b.yaml'), 'one'))).toBe(true);
    expect(await isHinted(() => rmSync(join(directory, 'sub', 'b.yaml')))).toBe(true);
  });

  it('tells of the swap of a Kubernetes volume', async () => {
    mkdirSync(join(directory, '..one'), { recursive: true });
    mkdirSync(join(directory, '..two'));
    symlinkSync('..one', join(directory, '..data'));
    await start();
    const swap = (): void => {
      symlinkSync('..two', join(directory, '..data_tmp'));
      renameSync(join(directory, '..data_tmp'), join(directory, '..data'));
    };
    expect(await isHinted(swap)).toBe(true);
  });

  it('tells of a directory that comes late, and of what is in it', async () => {
    await start();
    expect(await isHinted(() => mkdirSync(directory))).toBe(true);
    expect(await isHinted(() => writeFileSync(join(directory, 'a.yaml'), 'one'))).toBe(true);
  });

  it('hears what happens in a directory that was away', async () => {
    mkdirSync(directory);
    await start();
    expect(await isHinted(() => renameSync(directory, join(root, 'away')))).toBe(true);
    expect(await isHinted(() => renameSync(join(root, 'away'), directory))).toBe(true);
    expect(await isHinted(() => writeFileSync(join(directory, 'a.yaml'), 'one'))).toBe(true);
  });
});
