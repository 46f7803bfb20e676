import type { Clock } from '../lib/clock.js';

/** A clock that is adjusted bit by bit, as time servers do, moves by less between two looks. */
const JUMP_MS = 2_000;

/**
 * Since when containers can be seen by a clock that goes on evenly. Whatever has limited time has it
 * from then on: neither an engine that was away nor somebody who sets the clock is its fault.
 */
export class Sight {
  readonly #clock: Clock;
  #since = 0;
  #offset: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#offset = this.#offsetNow();
  }

  /** The engine can be seen again. */
  begin(): void {
    this.#since = this.#clock.now();
  }

  /** In milliseconds since 1970, by the clock as it is now: looks whether somebody set it meanwhile. */
  since(): number {
    const offset = this.#offsetNow();
    if (Math.abs(offset - this.#offset) > JUMP_MS) this.begin();
    this.#offset = offset;
    return this.#since;
  }

  /** How far the time of day is from one that nobody sets. */
  #offsetNow(): number {
    return this.#clock.now() - this.#clock.monotonic();
  }
}
