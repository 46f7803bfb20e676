import type { Clock } from './clock.js';

/**
 * Does work again and again, each time after the pause, which begins when the work before is done;
 * the returned function ends that. The work neither throws nor rejects.
 */
export function every(pauseMs: number, clock: Clock, work: () => void | Promise<void>): () => void {
  let cancel = (): void => undefined;
  let ended = false;
  const pause = (): void => {
    if (!ended) cancel = clock.after(pauseMs, turn);
  };
  const turn = (): void => {
    const done = work();
    if (done === undefined) pause();
    else void done.then(pause);
  };
  pause();
  return () => {
    ended = true;
    cancel();
  };
}
