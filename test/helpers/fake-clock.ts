import type { Clock } from '../../src/lib/clock.js';

interface Timer {
  readonly due: number;
  readonly fire: () => void;
}

/** A clock that moves when it is told to. Starts at a fixed date. */
export class FakeClock implements Clock {
  #elapsed = 0;
  #start: number;
  readonly #timers = new Set<Timer>();

  constructor(start = Date.parse('2026-01-01T12:00:00Z')) {
    this.#start = start;
  }

  now(): number {
    return this.#start + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  after(delayMs: number, fire: () => void): () => void {
    const timer = { due: this.#elapsed + delayMs, fire };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Milliseconds until each timer that waits, shortest first. */
  get waiting(): number[] {
    return [...this.#timers].map(({ due }) => due - this.#elapsed).toSorted((a, b) => a - b);
  }

  /** Somebody sets the time of day, on or back; no timer notices. */
  set(byMs: number): void {
    this.#start += byMs;
  }

  /** Moves time on, firing what falls due in order, and lets promises settle in between. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#elapsed + milliseconds;
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#elapsed = Math.max(this.#elapsed, next.due);
      this.#timers.delete(next);
      next.fire();
      await settle();
    }
    this.#elapsed = end;
    await settle();
  }

  #next(end: number): Timer | undefined {
    return [...this.#timers].filter(({ due }) => due <= end).toSorted((a, b) => a.due - b.due)[0];
  }
}

/** Lets everything run that only waits for promises and immediate callbacks. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
