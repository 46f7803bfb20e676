/** kubelet's numbers: 10 s doubling to 300 s, forgotten after ten minutes of running. */
const FIRST_DELAY_MS = 10_000;
const LONGEST_DELAY_MS = 300_000;
export const HEALTHY_AFTER_MS = 600_000;

/**
 * Milliseconds from an exit to the next start, after `failures` exits in a row. The first exit is
 * answered at once, since most have an outside cause (somebody stopped it, the engine restarted).
 */
export function crashDelayMs(failures: number): number {
  if (failures <= 1) return 0;
  return Math.min(FIRST_DELAY_MS * 2 ** (failures - 2), LONGEST_DELAY_MS);
}

/**
 * When a try that was put off is due, in milliseconds since 1970; undefined when it is due now. A time
 * that is further away than any delay is of a clock that was set back since.
 */
export function putOffUntil(retryAt: string | undefined, now: number): number | undefined {
  const until = Date.parse(retryAt ?? '');
  return until > now && until - now <= LONGEST_DELAY_MS ? until : undefined;
}
