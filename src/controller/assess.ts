import type { ObservedContainer } from '../model/container.js';
import type { Desired, Wait } from '../plan/desired.js';
import { stoppedReason } from '../plan/drift.js';
import { historyOf, startFailureOf } from '../plan/history.js';
import type { SlotHistory } from '../plan/history.js';
import { illnessOf } from '../plan/illness.js';
import { plan } from '../plan/plan.js';
import { isReady, provingMs } from '../plan/readiness.js';
import type { Look } from './look.js';
import type { Outcome } from './outcome.js';

/** When to look again at something that an event is expected to tell first. */
const FALLBACK_LOOK_MS = 5_000;

/** What the containers come to, seen after the actions of a pass were carried out. */
export function assess(desired: Desired, { containers, histories }: Look, now: number): Outcome {
  const next = plan(desired, containers, histories, now);
  const [action] = next.actions;
  if (action !== undefined) return progressing('Reconciling', action.because);
  const wait = next.waits.toSorted((a, b) => a.until - b.until)[0];
  if (wait !== undefined) return waiting(wait, historyOf(histories, wait), now);
  const { target } = desired;
  // What is kept to go back to need not run.
  const counted = containers.filter(
    ({ owner }) => target === undefined || owner.revision === target.revision,
  );
  const unready = counted.find((one) => !isReady(one, historyOf(histories, one.owner), now));
  if (unready !== undefined) return explain(unready, historyOf(histories, unready.owner), now);
  return { kind: 'converged' };
}

const progressing = (reason: string, message: string, lookAgainMs?: number): Outcome => ({
  ...{ kind: 'progressing', reason, message },
  ...(lookAgainMs === undefined ? {} : { lookAgainMs }),
});

function waiting(wait: Wait, history: SlotHistory | undefined, now: number): Outcome {
  const lookAgainMs = Math.max(0, wait.until - now);
  if (wait.reason !== undefined) {
    return { kind: 'waiting', reason: wait.reason, message: wait.because, lookAgainMs };
  }
  if (history?.retryAt === undefined) {
    return { kind: 'waiting', reason: 'Removing', message: wait.because, lookAgainMs };
  }
  const refusal = startFailureOf(history);
  const reason = refusal?.reason ?? 'CrashLoopBackOff';
  const message = `slot ${history.slot}: ${refusal?.message ?? wait.because}`;
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
  const illness = illnessOf(container);
  if (illness !== undefined) {
    const message = `${name} ${illness.message}`;
    return { kind: 'waiting', reason: illness.reason, message, lookAgainMs: FALLBACK_LOOK_MS };
  }
  if (health === 'starting') {
    return progressing('Starting', `${name} is not healthy yet`, FALLBACK_LOOK_MS);
  }
  const inMs = provingMs(container, history, now);
  return progressing('Proving', `${name} exited before and has to stay up`, inMs);
}
