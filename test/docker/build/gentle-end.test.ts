import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { GentleEnd } from '../../../src/docker/build/gentle-end.js';

function ending(isSent = false) {
  const abort = new AbortController();
  const socket = { ends: 0, end: () => (socket.ends += 1) };
  return { abort, socket, end: new GentleEnd(abort.signal, () => isSent) };
}

describe('the end of a build', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('closes half of the connection once the engine answers, and cuts it later', () => {
    const { abort, socket, end } = ending();
    end.begun({ socket });
    expect(socket.ends).toBe(0);
    abort.abort();
    expect([socket.ends, end.signal.aborted]).toEqual([1, false]);
    vi.advanceTimersByTime(15_000);
    expect(end.signal.aborted).toBe(true);
  });

  test('cuts the connection at once while the engine has not all that it needs', () => {
    const { abort, end } = ending();
    abort.abort();
    expect(end.signal.aborted).toBe(true);
    expect(new GentleEnd(abort.signal, () => false).signal.aborted).toBe(true);
  });

  test('hears the engine out that may have begun and has not answered yet', () => {
    const { abort, socket, end } = ending(true);
    abort.abort();
    expect(end.signal.aborted).toBe(false);
    end.begun({ socket });
    expect([socket.ends, end.signal.aborted]).toEqual([1, false]);
    vi.advanceTimersByTime(15_000);
    expect(end.signal.aborted).toBe(true);
  });

  test('has no timer when the build is over', () => {
    const { abort, socket, end } = ending();
    end.begun({ socket });
    abort.abort();
    end.close();
    expect(vi.getTimerCount()).toBe(0);
    const other = ending();
    other.end.begun({ socket: other.socket });
    other.end.close();
    other.abort.abort();
    expect(other.socket.ends).toBe(0);
  });
});
