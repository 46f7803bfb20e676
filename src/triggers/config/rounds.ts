import type { Clock } from '../../lib/clock.js';

/** Editors and checkouts make several changes within this time: one round for all of them. */
export const DEBOUNCE_MS = 150;

/** Why a round is run: something was noticed, or only time passed. */
export type Cause = 'hint' | 'time';

/**
 * Runs rounds, one at a time: soon after a hint, and again after the delay (ms) that a round asks
 * for. However many hints come in, at most one round waits.
 */
export class Rounds {
  readonly #clock: Clock;
  readonly #round: (cause: Cause) => Promise<number>;
  #cancel: (() => void) | undefined;
  #dueMs = Number.POSITIVE_INFINITY;
  #hinted = false;
  #isQueued = false;
  #isClosed = false;
  #last: Promise<unknown> = Promise.resolve();

  /** `round` must not reject. */
  constructor(clock: Clock, round: (cause: Cause) => Promise<number>) {
    this.#clock = clock;
    this.#round = round;
  }

  /** Something may have changed. */
  hint(): void {
    this.#hinted = true;
    if (!this.#isQueued) this.#schedule(DEBOUNCE_MS);
  }

  /** Runs a task between two rounds. */
  exclusive<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Starts no other round and waits for the one that runs. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancel?.();
    await this.#last;
  }

  #schedule(delayMs: number): void {
    const dueMs = this.#clock.monotonic() + delayMs;
    if (this.#isClosed || dueMs >= this.#dueMs) return;
    this.#cancel?.();
    this.#dueMs = dueMs;
    this.#cancel = this.#clock.after(delayMs, () => this.#start());
  }

  #start(): void {
    this.#dueMs = Number.POSITIVE_INFINITY;
    if (this.#isQueued) return;
    this.#isQueued = true;
    void this.exclusive(() => this.#run());
  }

  async #run(): Promise<void> {
    this.#isQueued = false;
    if (this.#isClosed) return;
    const cause = this.#hinted ? 'hint' : 'time';
    this.#hinted = false;
    this.#schedule(await this.#round(cause));
  }
}
