import type { Clock } from '../lib/clock.js';
import { every } from '../lib/every.js';

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
): () => Promise<void> {
  return every(INTERVAL_MS, clock, () => {
    if (isFailing()) return probe().catch(() => undefined);
  });
}
