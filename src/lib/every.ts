import type { Clock } from './clock.js';

/**
 * Does work again and again, each time after the pause, which begins when the work before is done.
 * The returned function ends that, and resolves when work that goes on is done; work may not wait
 * for it. The work neither throws nor rejects.
 */
export function every(
  pauseMs: number,
  clock: Clock,
  work: () => void | Promise<void>,
): () => Promise<void> {
  let cancel = (): void => undefined;
  let ended = false;
  let working: void | Promise<void>;
  const pause = (): void => {
    if (!ended) cancel = clock.after(pauseMs, turn);
  };
  const turn = (): void => {
    working = work();
    if (working === undefined) pause();
    else void working.then(pause);
  };
  pause();
  return async () => {
    ended = true;
    cancel();
    await working;
  };
}
