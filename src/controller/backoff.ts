const BASE_MS = 1_000;
const LONGEST_MS = 300_000;

/**
 * Delay before the next try after `failures` earlier ones: 1 s doubling to 5 min, with full jitter
 * (`random` in [0, 1)) so that many modules that fail for one reason do not all come back at once.
 * At least half a second, so that jitter never turns a retry into a busy loop.
 */
export function retryDelayMs(failures: number, random: number): number {
  const ceiling = Math.min(BASE_MS * 2 ** failures, LONGEST_MS);
  return BASE_MS / 2 + random * (ceiling - BASE_MS / 2);
}
