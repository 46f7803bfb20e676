import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { mapBounded } from '../../src/lib/bounded.js';

test('results are in order, and no more than the limit is worked on at a time', async () => {
  let [running, most] = [0, 0];
  const work = async (item: number): Promise<number> => {
    running += 1;
    most = Math.max(most, running);
    for (let turns = item % 3; turns >= 0; turns -= 1) await setImmediate();
    running -= 1;
    return item * 2;
  };
  const items = Array.from({ length: 20 }, (_, index) => index);
  expect(await mapBounded(items, 4, work)).toEqual(items.map((item) => item * 2));
  expect(most).toBe(4);
  expect(await mapBounded([], 4, work)).toEqual([]);
});

test('the first failure is the failure of all, and nothing more is begun', async () => {
  const begun: number[] = [];
  const work = async (item: number): Promise<void> => {
    begun.push(item);
    await setImmediate();
    if (item === 1) throw new Error('no');
  };
  await expect(mapBounded([1, 2, 3, 4, 5, 6, 7, 8], 1, work)).rejects.toThrow('no');
  expect(begun).toEqual([1]);
});
