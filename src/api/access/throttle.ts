import type { Clock } from '../../lib/clock.js';

const WINDOW_MS = 60_000;
const MAX_FAILURES = 10;
/** Addresses that are remembered; past it the oldest is forgotten. */
const MAX_ADDRESSES = 1000;

interface Failures {
  readonly sinceMs: number;
  readonly count: number;
}

/** Counts wrong tokens per address within a minute. */
export class Throttle {
  readonly #failures = new Map<string, Failures>();

  constructor(private readonly clock: Clock) {}

  /** Notes a failure. Seconds to wait when there were too many of them, else undefined. */
  fail(address: string): number | undefined {
    const now = this.clock.monotonic();
    const known = this.#failures.get(address);
    const isCurrent = known !== undefined && now - known.sinceMs < WINDOW_MS;
    const failures = isCurrent ? { ...known, count: known.count + 1 } : { sinceMs: now, count: 1 };
    this.#remember(address, failures);
    if (failures.count <= MAX_FAILURES) return undefined;
    return Math.max(1, Math.ceil((failures.sinceMs + WINDOW_MS - now) / 1000));
  }

  #remember(address: string, failures: Failures): void {
    this.#failures.delete(address);
    this.#failures.set(address, failures);
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > MAX_ADDRESSES && oldest !== undefined) this.#failures.delete(oldest);
  }
}
