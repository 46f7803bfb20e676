import type { ObservedContainer } from '../model/container.js';
import type { Plan } from '../plan/desired.js';
import { stoppedReason } from '../plan/drift.js';
import { startFailureOf } from '../plan/history.js';
import type { SlotHistory } from '../plan/history.js';
import type { Outcome } from './outcome.js';

/**
 * A container that keeps exiting is not called ready until it has run this long, so that the status
 * does not flap with every try. The engine resets its own restart delay after the same time.
 */
const PROVING_MS = 10_000;

/** When to look again at something that an event is expected to tell first. */
const FALLBACK_LOOK_MS = 5_000;

/** Milliseconds until a container that has exited before counts as running, 0 when it does. */
export function provingMs(
  container: ObservedContainer,
  history: SlotHistory | undefined,
  now: number,
): number {
  if (history === undefined || container.startedAt === undefined) return 0;
  // One that could not be started has not shown that it does not stay up.
  const exited = startFailureOf(history) === undefined && history.failures > 1;
  if (!exited && history.engineRestarts === 0) return 0;
  return Math.max(0, Date.parse(container.startedAt) + PROVING_MS - now);
}

/** True when a container runs, is healthy as far as it is checked, and stays up. */
export function isReady(
  container: ObservedContainer,
  history: SlotHistory | undefined,
  now: number,
): boolean {
  const { state, health } = container;
  const well = health === 'none' || health === 'healthy';
  return state === 'running' && well && provingMs(container, history, now) === 0;
}

/** What the containers come to, seen after the actions of a pass were carried out. */
export function assess(
  containers: readonly ObservedContainer[],
  histories: readonly SlotHistory[],
  next: Plan,
  now: number,
): Outcome {
  const historyOf = (slot: number) => histories.find((history) => history.slot === slot);
  const [action] = next.actions;
  if (action !== undefined) return progressing('Reconciling', action.because);
  const wait = next.waits.toSorted((a, b) => a.until - b.until)[0];
  if (wait !== undefined) return waiting(wait.because, historyOf(wait.slot), wait.until - now);
  const unready = containers.find((one) => !isReady(one, historyOf(one.owner.slot), now));
  if (unready !== undefined) return explain(unready, historyOf(unready.owner.slot), now);
  return { kind: 'converged' };
}

const progressing = (reason: string, message: string, lookAgainMs?: number): Outcome => ({
  ...{ kind: 'progressing', reason, message },
  ...(lookAgainMs === undefined ? {} : { lookAgainMs }),
});

function waiting(because: string, history: SlotHistory | undefined, inMs: number): Outcome {
  const lookAgainMs = Math.max(0, inMs);
  if (history?.retryAt === undefined) {
    return { kind: 'waiting', reason: 'Removing', message: because, lookAgainMs };
  }
  const refusal = startFailureOf(history);
  const reason = refusal?.reason ?? 'CrashLoopBackOff';
  const message = `slot ${history.slot}: ${refusal?.message ?? because}`;
  return { kind: 'waiting', reason, message, lookAgainMs };
}

function explain(
  container: ObservedContainer,
  history: SlotHistory | undefined,
  now: number,
): Outcome {
  const { name, state, health } = container;
  if (state === 'restarting') {
    return progressing(
      'Restarting',
      `${name} exited and is restarted by the engine`,
      FALLBACK_LOOK_MS,
    );
  }
  if (state !== 'running') {
    return progressing('Reconciling', `${name}: ${stoppedReason(container)}`, FALLBACK_LOOK_MS);
  }
  if (health === 'unhealthy') {
    const message = `${name} fails its health check`;
    return { kind: 'waiting', reason: 'Unhealthy', message, lookAgainMs: FALLBACK_LOOK_MS };
  }
  if (health === 'starting') {
    return progressing('Starting', `${name} is not healthy yet`, FALLBACK_LOOK_MS);
  }
  const inMs = provingMs(container, history, now);
  return progressing('Proving', `${name} exited before and has to stay up`, inMs);
}
