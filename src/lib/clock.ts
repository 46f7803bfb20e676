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

/** RFC 3339 in UTC with whole seconds, as Kubernetes writes times. */
export function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}
