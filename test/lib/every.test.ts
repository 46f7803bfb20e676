import { expect, it, vi } from 'vitest';
import { every } from '../../src/lib/every.js';
import { FakeClock, settle } from '../helpers/fake-clock.js';

it('begins the pause when the work before is done', async () => {
  const clock = new FakeClock();
  let done = (): void => undefined;
  const work = vi.fn<() => Promise<void>>(() => new Promise((resolve) => (done = resolve)));
  every(1_000, clock, work);
  await clock.advance(1_000);
  await clock.advance(5_000);
  expect(work).toHaveBeenCalledTimes(1);
  done();
  await settle();
  await clock.advance(1_000);
  expect(work).toHaveBeenCalledTimes(2);
});

it('ends when the work that goes on is done, and does none after', async () => {
  const clock = new FakeClock();
  let done = (): void => undefined;
  const work = vi.fn<() => Promise<void>>(() => new Promise((resolve) => (done = resolve)));
  const end = every(1_000, clock, work);
  await clock.advance(1_000);
  const ended = vi.fn<() => void>();
  const ending = end().then(ended);
  await settle();
  expect(ended).not.toHaveBeenCalled();
  done();
  await ending;
  await clock.advance(5_000);
  expect(work).toHaveBeenCalledTimes(1);
});
