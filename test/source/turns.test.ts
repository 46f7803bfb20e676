import { expect, test } from 'vitest';
import { Turns } from '../../src/source/turns.js';

/** Work that ends when it is told to. */
function someWork() {
  const events: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => async (): Promise<string> => {
    events.push(`${name} begins`);
    await new Promise<void>((resolve) => ends.set(name, resolve));
    events.push(`${name} ends`);
    return name;
  };
  const end = async (name: string): Promise<void> => {
    ends.get(name)?.();
    await settle();
  };
  return { events, work, end };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('work on a key takes turns, work on another does not wait', async () => {
  const turns = new Turns();
  const { events, work, end } = someWork();
  const all = [
    turns.take('a', work('a1')),
    turns.take('a', work('a2')),
    turns.take('b', work('b')),
  ];
  await settle();
  expect(events).toEqual(['a1 begins', 'b begins']);
  await end('b');
  await end('a1');
  await end('a2');
  expect(events.slice(2)).toEqual(['b ends', 'a1 ends', 'a2 begins', 'a2 ends']);
  expect(await Promise.all(all)).toEqual(['a1', 'a2', 'b']);
  expect(turns.isTaken('a')).toBe(false);
});

test('work that fails lets the next begin', async () => {
  const turns = new Turns();
  const failed = turns.take('a', () => Promise.reject(new Error('broken')));
  const next = turns.take('a', async () => 'next');
  await expect(failed).rejects.toThrow('broken');
  expect(await next).toBe('next');
});

test('who gives up while waiting is not begun, and who waits behind still waits', async () => {
  const turns = new Turns();
  const { events, work, end } = someWork();
  const cancel = new AbortController();
  const first = turns.take('a', work('first'));
  const second = turns.take('a', work('second'), cancel.signal);
  const third = turns.take('a', work('third'));
  cancel.abort(new Error('given up'));
  await expect(second).rejects.toThrow('given up');
  await settle();
  expect(events).toEqual(['first begins']);
  await end('first');
  await end('third');
  expect(events).toEqual(['first begins', 'first ends', 'third begins', 'third ends']);
  expect(await Promise.all([first, third])).toEqual(['first', 'third']);
});
