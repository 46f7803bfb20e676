import type { Clock } from './clock.js';

/** How often something may happen. */
export interface Rate {
  readonly perSecond: number;
  /** How many times at once after a pause. */
  readonly burst: number;
}

interface Bucket {
  /** What may still happen, as of `atMs`. */
  tokens: number;
  atMs: number;
  /** When it was put at the end of the order. */
  placedAtMs: number;
}

/** Keys that are remembered if not given; past it the one that was quiet for longest is forgotten. */
const MAX_KEYS = 4096;

/**
 * How exactly it is known who was quiet for longest. A map that is put in order for every request
 * is made anew every few, and each old one keeps its garbage alive.
 */
const ORDER_MS = 1000;

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
    const { perSecond, burst } = this.rate;
    const nowMs = this.clock.monotonic();
    const bucket = this.#bucket(key, nowMs);
    const gained = ((nowMs - bucket.atMs) / 1000) * perSecond;
    bucket.tokens = Math.min(burst, bucket.tokens + gained);
    bucket.atMs = nowMs;
    if (bucket.tokens < 1) return (1 - bucket.tokens) / perSecond;
    bucket.tokens -= 1;
    return undefined;
  }

  get size(): number {
    return this.#buckets.size;
  }

  #bucket(key: string, nowMs: number): Bucket {
    const known = this.#buckets.get(key);
    if (known !== undefined && nowMs - known.placedAtMs < ORDER_MS) return known;
    const bucket = known ?? { tokens: this.rate.burst, atMs: nowMs, placedAtMs: nowMs };
    bucket.placedAtMs = nowMs;
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    this.#forgetQuietest();
    return bucket;
  }

  #forgetQuietest(): void {
    if (this.#buckets.size <= this.maxKeys) return;
    const [quietest] = this.#buckets.keys();
    if (quietest !== undefined) this.#buckets.delete(quietest);
  }
}
