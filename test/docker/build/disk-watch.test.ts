import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FREE_BYTES_FLOOR, freeBytesOf, watchDisk } from '../../../src/docker/build/disk-watch.js';

const GIGABYTE = 1024 ** 3;

/** What is on a disk while a build may add a gigabyte; what was called of it. */
function watched(freeBefore: number | undefined) {
  const disk = { free: freeBefore, added: 0, asked: 0, fails: false };
  const called: string[] = [];
  const options = {
    freeBytes: () => Promise.resolve(disk.free),
    maxBytes: GIGABYTE,
    bytesAdded: () => {
      disk.asked += 1;
      return disk.fails ? Promise.reject(new Error('busy')) : Promise.resolve(disk.added);
    },
    onTooMuch: () => void called.push('too much'),
    onFull: () => void called.push('full'),
  };
  return { disk, called, stop: watchDisk(options, freeBefore) };
}

const seconds = (count: number): Promise<unknown> => vi.advanceTimersByTimeAsync(count * 1000);

describe('the disk during a build', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('ends a build that added too much, once', async () => {
    const { disk, called } = watched(100 * GIGABYTE);
    Object.assign(disk, { free: 98 * GIGABYTE, added: 2 * GIGABYTE });
    await seconds(60);
    expect(called).toEqual(['too much']);
  });

  test('leaves alone a build while others fill the disk', async () => {
    const { disk, called, stop } = watched(100 * GIGABYTE);
    Object.assign(disk, { free: 50 * GIGABYTE, added: GIGABYTE });
    await seconds(60);
    expect(called).toEqual([]);
    stop();
  });

  test('asks for sizes now and then, and always once the free space has shrunk', async () => {
    const { disk, stop } = watched(100 * GIGABYTE);
    await seconds(20);
    expect(disk.asked).toBe(2);
    disk.free = 98 * GIGABYTE;
    await seconds(9);
    expect(disk.asked).toBe(11);
    stop();
  });

  test('finds what a build added while others made room, and on another host', async () => {
    for (const before of [100 * GIGABYTE, undefined]) {
      const { disk, called } = watched(before);
      Object.assign(disk, { free: before && 200 * GIGABYTE, added: 2 * GIGABYTE });
      await seconds(20);
      expect(called).toEqual(['too much']);
    }
  });

  test('ends a build before the disk is full, whoever filled it', async () => {
    const { disk, called } = watched(100 * GIGABYTE);
    disk.free = FREE_BYTES_FLOOR - 1;
    await seconds(60);
    expect(called).toEqual(['full']);
  });

  test('goes on when the engine does not answer, and ends with the build', async () => {
    const { disk, called, stop } = watched(undefined);
    Object.assign(disk, { fails: true, added: 2 * GIGABYTE });
    await seconds(15);
    disk.fails = false;
    await seconds(10);
    expect(called).toEqual(['too much']);
    stop();
    const other = watched(undefined);
    other.stop();
    other.disk.added = 2 * GIGABYTE;
    await seconds(60);
    expect([other.called, vi.getTimerCount()]).toEqual([[], 0]);
  });
});

test('the free space of a folder is told, of none it is not', async () => {
  expect(await freeBytesOf(tmpdir())).toBeGreaterThan(0);
  expect(await freeBytesOf('/nonexistent')).toBeUndefined();
  expect(await freeBytesOf(undefined)).toBeUndefined();
  expect(await freeBytesOf('')).toBeUndefined();
});
