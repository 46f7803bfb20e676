/** Time as the program sees it; tests bring their own. */
export interface Clock {
  /** Wall-clock time in milliseconds since 1970; for stamps that people read. */
  now(): number;
  /** Milliseconds that never go back; for waiting and for measuring. */
  monotonic(): number;
  /** Calls `fire` once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, fire: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delayMs, fire) => {
    const timer = setTimeout(fire, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Longest wait that is not looked at in between: clocks are set, and timers have a limit. */
const LONGEST_WAIT_MS = 3_600_000;

/**
 * Calls `fire` once when the wall clock reaches a time in milliseconds since 1970, never when it is
 * undefined; the returned function cancels it.
 */
export function atTime(clock: Clock, timeMs: number | undefined, fire: () => void): () => void {
  if (timeMs === undefined) return () => undefined;
  let cancel = (): void => undefined;
  const wait = (): void => {
    const left = Math.max(0, timeMs - clock.now());
    const isLast = left <= LONGEST_WAIT_MS;
    cancel = clock.after(isLast ? left : LONGEST_WAIT_MS, isLast ? fire : wait);
  };
  wait();
  return () => cancel();
}

/** RFC 3339 in UTC with whole seconds, as Kubernetes writes times. */
export function timestamp(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, -'.000Z'.length)}Z`;
}
