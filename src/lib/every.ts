import type { Clock } from '../../../lib/clock.js';

/**
 * Does work again and again, each time after the pause; the returned function ends that. The work
 * never rejects.
 */
export function every(pauseMs: number, clock: Clock, work: () => Promise<void>): () => void {
  let cancel = (): void => undefined;
  let ended = false;
  const pause = (): void => {
    cancel = clock.after(pauseMs, () => void turn());
  };
  const turn = async (): Promise<void> => {
    await work();
    if (!ended) pause();
  };
  pause();
  return () => {
    ended = true;
    cancel();
  };
}
