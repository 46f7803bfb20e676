import type { Clock } from '../lib/clock.js';
import { retryDelayMs } from './backoff.js';

/**
 * Keys of work to do.
 *
 * Invariants: a key is held once however often it is added; a key is never with two workers at the
 * same time; a key that is added while a worker has it comes back when that worker is done; of
 * several due times the earliest counts. Bounded by the number of distinct keys.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #ready: string[] = [];
  readonly #dirty = new Set<string>();
  readonly #processing = new Set<string>();
  readonly #failures = new Map<string, number>();
  readonly #later = new Map<string, { due: number; cancel: () => void }>();
  readonly #takers: ((key: string | undefined) => void)[] = [];
  #closed = false;

  constructor(clock: Clock, random: () => number = Math.random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Keys that wait for a worker. */
  get depth(): number {
    return this.#ready.length;
  }

  /** Makes a key due now. */
  add(key: string): void {
    if (this.#closed || this.#dirty.has(key)) return;
    this.#cancelLater(key);
    this.#dirty.add(key);
    if (!this.#processing.has(key)) this.#offer(key);
  }

  /** Makes a key due after a delay, unless it is due earlier anyway. */
  addAfter(key: string, delayMs: number): void {
    if (delayMs <= 0) return this.add(key);
    const due = this.#clock.monotonic() + delayMs;
    if (this.#closed || (this.#later.get(key)?.due ?? Number.POSITIVE_INFINITY) <= due) return;
    this.#cancelLater(key);
    const cancel = this.#clock.after(delayMs, () => {
      // Also when the key is due already: a time that has come is no time to wait for.
      this.#later.delete(key);
      this.add(key);
    });
    this.#later.set(key, { due, cancel });
  }

  /** Makes a key due after a delay that grows with each call until `forget`. */
  addRateLimited(key: string): void {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    this.addAfter(key, retryDelayMs(failures, this.#random()));
  }

  /** The next `addRateLimited` of this key starts from the shortest delay again. */
  forget(key: string): void {
    this.#failures.delete(key);
  }

  /** The next due key, once there is one; undefined after `close`. Call `done` with it afterwards. */
  take(): Promise<string | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    const key = this.#ready.shift();
    if (key !== undefined) return Promise.resolve(this.#begin(key));
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  /** Gives a key back; it is due again if it was added meanwhile. */
  done(key: string): void {
    this.#processing.delete(key);
    if (this.#dirty.has(key)) this.#offer(key);
  }

  /** Ends all waiting; nothing is handed out any more. */
  close(): void {
    this.#closed = true;
    for (const { cancel } of this.#later.values()) cancel();
    for (const taker of this.#takers.splice(0)) taker(undefined);
  }

  #begin(key: string): string {
    this.#dirty.delete(key);
    this.#processing.add(key);
    return key;
  }

  #offer(key: string): void {
    const taker = this.#closed ? undefined : this.#takers.shift();
    if (taker === undefined) this.#ready.push(key);
    else taker(this.#begin(key));
  }

  #cancelLater(key: string): void {
    this.#later.get(key)?.cancel();
    this.#later.delete(key);
  }
}
