import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { WorkQueue } from '../../src/controller/queue.js';
import { FakeClock, settle } from '../helpers/fake-clock.js';

const queueAt = (clock = new FakeClock()) => ({ clock, queue: new WorkQueue(clock, () => 0.5) });

describe('WorkQueue', () => {
  it('holds a key once however often it is added', async () => {
    const { queue } = queueAt();
    for (let times = 0; times < 3; times += 1) queue.add('web');
    expect(queue.depth).toBe(1);
    expect(await queue.take()).toBe('web');
    expect(queue.depth).toBe(0);
  });

  it('gives a key that was added meanwhile back only when the worker is done', async () => {
    const { queue } = queueAt();
    queue.add('web');
    await queue.take();
    queue.add('web');
    expect(queue.depth).toBe(0);
    queue.done('web');
    expect(await queue.take()).toBe('web');
  });

  it('keeps the earliest of several due times', async () => {
    const { clock, queue } = queueAt();
    queue.addAfter('web', 5_000);
    queue.addAfter('web', 1_000);
    queue.addAfter('web', 9_000);
    expect(clock.waiting).toEqual([1_000]);
    await clock.advance(1_000);
    expect(queue.depth).toBe(1);
    expect(clock.waiting).toEqual([]);
  });

  it('takes new due times after one that came while the key was due already', async () => {
    const { clock, queue } = queueAt();
    queue.add('web');
    await queue.take();
    queue.add('web');
    queue.addAfter('web', 1_000);
    await clock.advance(1_000);
    queue.done('web');
    await queue.take();
    queue.done('web');
    queue.addAfter('web', 2_000);
    expect(clock.waiting).toEqual([2_000]);
  });

  it('makes a key due at once that was due later', async () => {
    const { clock, queue } = queueAt();
    queue.addAfter('web', 5_000);
    queue.add('web');
    expect(await queue.take()).toBe('web');
    expect(clock.waiting).toEqual([]);
  });

  it('waits longer with each failure, up to five minutes, until it is told to forget', async () => {
    const { clock, queue } = queueAt();
    const delays: number[] = [];
    for (let times = 0; times < 12; times += 1) {
      queue.addRateLimited('web');
      delays.push(...clock.waiting);
      await clock.advance(clock.waiting[0] ?? 0);
      queue.done((await queue.take()) ?? '');
    }
    expect(delays).toEqual([
      750, 1250, 2250, 4250, 8250, 16250, 32250, 64250, 128250, 150250, 150250, 150250,
    ]);
    queue.forget('web');
    queue.addRateLimited('web');
    expect(clock.waiting).toEqual([750]);
  });

  it('ends waiting workers and pending delays when it is closed', async () => {
    const { clock, queue } = queueAt();
    queue.addAfter('web', 1_000);
    const taken = queue.take();
    queue.close();
    expect(await taken).toBeUndefined();
    expect(clock.waiting).toEqual([]);
    queue.add('web');
    expect(await queue.take()).toBeUndefined();
  });

  const steps = fc.array(
    fc.record({
      key: fc.constantFrom('a', 'b', 'c'),
      act: fc.constantFrom('add', 'later', 'limited', 'take', 'done' as const),
    }),
    { maxLength: 60 },
  );

  test.prop([steps])('never hands a key to two workers and never loses one', async (script) => {
    const { clock, queue } = queueAt();
    const held = new Set<string>();
    const owed = new Set<string>();
    const receive = (key: string | undefined): void => {
      if (key === undefined) return;
      expect(held.has(key), `${key} was handed out twice`).toBe(false);
      held.add(key);
      owed.delete(key);
    };
    for (const { key, act } of script) {
      if (act === 'add') queue.add(key);
      if (act === 'later') queue.addAfter(key, 1_000);
      if (act === 'limited') queue.addRateLimited(key);
      if (act === 'add' || act === 'later' || act === 'limited') owed.add(key);
      if (act === 'take' && queue.depth > 0) receive(await queue.take());
      if (act === 'done' && held.delete(key)) queue.done(key);
    }
    await clock.advance(600_000);
    for (const key of held) queue.done(key);
    held.clear();
    while (queue.depth > 0) receive(await queue.take());
    await settle();
    expect([...owed]).toEqual([]);
  });
});
