import type { RegistryStats } from './registry.js';

type Counts = Pick<RegistryStats, 'commits' | 'failures' | 'waiting'>;

/**
 * Says, each time it is asked, whether the store gets on with its writes: false when writes waited
 * the last time, too, and none came to an end in between, well or badly. A disk that refuses is no
 * reason to say false, for another process would fare no better.
 */
export function writesGoOn(stats: () => Counts): () => boolean {
  let before: Counts = { commits: 0, failures: 0, waiting: 0 };
  return () => {
    const now = stats();
    const ended = (counts: Counts): number => counts.commits + counts.failures;
    const isStuck = before.waiting > 0 && now.waiting > 0 && ended(now) === ended(before);
    before = now;
    return !isStuck;
  };
}
