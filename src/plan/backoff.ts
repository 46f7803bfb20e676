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
