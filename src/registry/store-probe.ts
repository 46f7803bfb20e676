import type { Clock } from '../lib/clock.js';

/** How long the store may seem broken after the disk works again. */
const INTERVAL_MS = 5000;

/**
 * Tries a write every few seconds while writes fail, so that readiness comes back by itself when
 * nobody writes. Returns the function that ends it.
 */
export function startProbe(
  clock: Clock,
  isFailing: () => boolean,
  probe: () => Promise<void>,
): () => void {
  let cancel = clock.after(INTERVAL_MS, tick);
  function tick(): void {
    cancel = clock.after(INTERVAL_MS, tick);
    if (isFailing()) probe().catch(() => undefined);
  }
  return () => cancel();
}
