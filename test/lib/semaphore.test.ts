import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Semaphore } from '../../src/lib/semaphore.js';

/** Work that a test ends. */
function held(): { readonly work: () => Promise<void>; end(): void; readonly isOn: () => boolean } {
  let [isOn, end] = [false, (): void => undefined];
  const over = new Promise<void>((resolve) => (end = resolve));
  const work = async (): Promise<void> => {
    isOn = true;
    await over;
    isOn = false;
  };
  return { work, end: () => end(), isOn: () => isOn };
}

it('lets so many go on at once, and the others in order', async () => {
  const semaphore = new Semaphore(2);
  const works = [held(), held(), held(), held()];
  const ended = works.map(({ work }) => semaphore.use(work));
  const on = async (): Promise<boolean[]> => {
    await setImmediate();
    return works.map(({ isOn }) => isOn());
  };
  expect(await on()).toEqual([true, true, false, false]);
  works[1]?.end();
  expect(await on()).toEqual([true, false, true, false]);
  works.forEach((one) => one.end());
  await Promise.all(ended);
});

it('gives a permit back after work that fails', async () => {
  const semaphore = new Semaphore(1);
  await expect(semaphore.use(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await semaphore.use(async () => 'next')).toBe('next');
});

it('lends a permit while its holder waits, once for several at the same time', async () => {
  const semaphore = new Semaphore(1);
  const [first, second, other, late] = [held(), held(), held(), held()];
  let isDone = false;
  const holder = semaphore.use(async () => {
    const patiently = semaphore.lending();
    await Promise.all([patiently(first.work), patiently(second.work)]);
    isDone = true;
  });
  const others = [semaphore.use(other.work), semaphore.use(late.work)];
  await setImmediate();
  expect([other.isOn(), late.isOn()]).toEqual([true, false]);
  first.end();
  second.end();
  await setImmediate();
  expect(isDone).toBe(false);
  other.end();
  await setImmediate();
  expect([late.isOn(), isDone]).toEqual([true, false]);
  late.end();
  await holder;
  await Promise.all(others);
});
