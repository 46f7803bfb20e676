import { describe, expect, it } from 'vitest';
import { TokenBuckets } from '../../src/lib/token-bucket.js';
import { FakeClock } from '../helpers/fake-clock.js';

const RATE = { perSecond: 2, burst: 3 };

/** How many of some attempts are allowed. */
const allowed = (buckets: TokenBuckets, key: string, attempts: number): number =>
  Array.from({ length: attempts }, () => buckets.take(key)).filter((wait) => wait === undefined)
    .length;

describe('TokenBuckets', () => {
  it('allows a burst, then so many a second', async () => {
    const clock = new FakeClock();
    const buckets = new TokenBuckets(RATE, clock);
    expect(allowed(buckets, 'a', 10)).toBe(3);
    await clock.advance(1000);
    expect(allowed(buckets, 'a', 10)).toBe(2);
    await clock.advance(60_000);
    expect(allowed(buckets, 'a', 10)).toBe(3);
  });

  it('says when there is one again, and does not make who asks wait for longer', async () => {
    const clock = new FakeClock();
    const buckets = new TokenBuckets(RATE, clock);
    allowed(buckets, 'a', 3);
    expect(buckets.take('a')).toBe(0.5);
    await clock.advance(250);
    expect(buckets.take('a')).toBe(0.25);
    await clock.advance(250);
    expect(buckets.take('a')).toBeUndefined();
  });

  it('keeps keys apart', () => {
    const buckets = new TokenBuckets(RATE, new FakeClock());
    expect(allowed(buckets, 'a', 10)).toBe(3);
    expect(allowed(buckets, 'b', 10)).toBe(3);
  });

  it('remembers so many keys, those that asked last', () => {
    const buckets = new TokenBuckets(RATE, new FakeClock(), 10);
    allowed(buckets, 'busy', 3);
    for (let key = 0; key < 1000; key += 1) {
      buckets.take(`key-${key}`);
      expect(buckets.size).toBeLessThanOrEqual(10);
    }
    expect(allowed(buckets, 'key-999', 10)).toBe(2);
    expect(allowed(buckets, 'busy', 10)).toBe(3);
  });
});
