import type { RegistrarError } from '../model/errors.js';

/** What one reconcile came to. */
export type Outcome =
  /** Observed equals desired. `lookAgainMs` when time alone will change that. */
  | { kind: 'converged'; lookAgainMs?: number }
  /**
   * Something was done or is under way; look again to see it settle. Without `lookAgainMs` there is
   * more to do at once, with backoff, so that a change that has no effect never makes a busy loop.
   */
  | { kind: 'progressing'; reason: string; message: string; lookAgainMs?: number }
  /** Something outside has to happen first: a time, a pull, the engine. Not an error. */
  | { kind: 'waiting'; reason: string; message: string; lookAgainMs?: number }
  /** Only a new generation, or a newer one of what is followed, can help: no retry. */
  | { kind: 'stalled'; reason: string; message: string; lookAgainMs?: number }
  /** May pass by itself: retried with backoff. */
  | { kind: 'failed'; error: RegistrarError };

/** Reasons to wait that say something is wrong, not just slow. */
const TROUBLE: ReadonlySet<string> = new Set([
  ...['CrashLoopBackOff', 'StartFailed', 'PortConflict', 'Unhealthy', 'Stuck'],
  ...['PreflightFailed', 'NameConflict', 'HostPathRefused', 'DiskLow'],
  ...['GpuConflict', 'GpuUnavailable'],
  ...['Crashed', 'DeadlineExceeded'],
  ...['RestoreHeld', 'SecretMissing', 'SecretForbidden', 'SecretUnusable'],
  ...['SecretChanged', 'SecretFilesUnavailable'],
]);

/** True for what a person should hear of. */
export function isTrouble(outcome: Outcome): boolean {
  if (outcome.kind === 'failed' || outcome.kind === 'stalled') return true;
  return outcome.kind === 'waiting' && TROUBLE.has(outcome.reason);
}

/** What an outcome says in a condition. */
export function outcomeText(outcome: Outcome): { reason: string; message: string } {
  if (outcome.kind === 'converged')
    return { reason: 'Converged', message: 'Observed equals desired' };
  if (outcome.kind !== 'failed') return { reason: outcome.reason, message: outcome.message };
  return { reason: outcome.error.reason, message: outcome.error.message };
}

/** The same outcome, with another look within so many milliseconds at the latest. */
export function lookAgainWithin(outcome: Outcome, milliseconds: number | undefined): Outcome {
  if (milliseconds === undefined || outcome.kind === 'failed') return outcome;
  if (outcome.kind === 'progressing' && outcome.lookAgainMs === undefined) return outcome;
  return { ...outcome, lookAgainMs: Math.min(milliseconds, outcome.lookAgainMs ?? milliseconds) };
}

/** What the loop does with the key afterwards; the queue, seen from here. */
export interface Requeue {
  addAfter(key: string, delayMs: number): void;
  addRateLimited(key: string): void;
  forget(key: string): void;
}

/** The one place that decides when a key comes back. */
export function requeue(queue: Requeue, key: string, outcome: Outcome): void {
  const goesOn = outcome.kind === 'progressing' && outcome.lookAgainMs === undefined;
  if (outcome.kind === 'failed' || goesOn) return queue.addRateLimited(key);
  queue.forget(key);
  if (outcome.lookAgainMs !== undefined) queue.addAfter(key, outcome.lookAgainMs);
}
