import type { Rates } from '../../src/api/limits/rate-limits.js';

const ANY = { perSecond: 1e9, burst: 1e9 };

/** For tests of anything else, which may send as many requests as they like. */
export const NO_LIMIT: Rates = { address: ANY, reads: ANY, writes: ANY, socket: ANY };
