import type { Clock } from './clock.js';

/** How often something may happen. */
export interface Rate {
  readonly perSecond: number;
  /** How many times at once after a pause. */
  readonly burst: number;
}

interface Bucket {
  /** What may still happen, as of `atMs`. */
  readonly tokens: number;
  readonly atMs: number;
}

/** Keys that are remembered if not given; past it the one that was quiet for longest is forgotten. */
const MAX_KEYS = 4096;

/** Limits how often something may happen, for each of any number of keys, in bounded memory. */
export class TokenBuckets {
  readonly #buckets = new Map<string, Bucket>();

  constructor(
    private readonly rate: Rate,
    private readonly clock: Pick<Clock, 'monotonic'>,
    private readonly maxKeys = MAX_KEYS,
  ) {}

  /** Takes one. Seconds until there is one again when there was none, else undefined. */
  take(key: string): number | undefined {
    const { perSecond } = this.rate;
    const nowMs = this.clock.monotonic();
    const tokens = this.#tokens(key, nowMs);
    if (tokens < 1) return (1 - tokens) / perSecond;
    this.#remember(key, { tokens: tokens - 1, atMs: nowMs });
    return undefined;
  }

  get size(): number {
    return this.#buckets.size;
  }

  #tokens(key: string, nowMs: number): number {
    const { perSecond, burst } = this.rate;
    const known = this.#buckets.get(key);
    if (known === undefined) return burst;
    return Math.min(burst, known.tokens + ((nowMs - known.atMs) / 1000) * perSecond);
  }

  #remember(key: string, bucket: Bucket): void {
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    const [quietest] = this.#buckets.keys();
    if (this.#buckets.size > this.maxKeys && quietest !== undefined) this.#buckets.delete(quietest);
  }
}
