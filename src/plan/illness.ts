import { timestamp } from '../lib/clock.js';
import type { ObservedContainer } from '../model/container.js';
import type { LastExit } from '../model/module-status.js';
import { containerName } from '../model/owner.js';
import { crashDelayMs, putOffUntil } from './backoff.js';
import { NOTHING } from './desired.js';
import type { Plan } from './desired.js';
import { memoryOf } from './situation.js';
import type { Situation } from './situation.js';
import type { SlotHistory } from './history.js';

/** Why a container is unhealthy. */
export interface Illness {
  readonly reason: 'Unhealthy' | 'Stuck';
  /** Completes "the container …". */
  readonly message: string;
}

/** What is wrong with a container that runs; undefined when nothing is known to be. */
export function illnessOf({ state, health, stuck }: ObservedContainer): Illness | undefined {
  if (state !== 'running' || health !== 'unhealthy') return undefined;
  if (stuck === undefined) return { reason: 'Unhealthy', message: 'fails its health check' };
  return { reason: 'Stuck', message: `is stuck: ${stuck}` };
}

/**
 * The history after a look at a container's health. To become unhealthy counts as a failure like an
 * exit does: the more there are in a row, the later it is restarted. `now` in milliseconds.
 */
export function noteIllness(
  history: SlotHistory,
  container: ObservedContainer,
  now: number,
): SlotHistory {
  const { unhealthySince, ...rest } = history;
  const isKnown = unhealthySince !== undefined && container.state === 'running';
  if (illnessOf(container) !== undefined) return isKnown ? history : fallIll(rest, now);
  // While a check begins anew nobody knows whether it would pass.
  return isKnown && container.health === 'starting' ? history : rest;
}

function fallIll({ retryAt: _old, ...history }: SlotHistory, now: number): SlotHistory {
  const failures = history.failures + 1;
  const delay = crashDelayMs(failures);
  return {
    ...{ ...history, failures, unhealthySince: new Date(now).toISOString() },
    ...(delay > 0 && { retryAt: new Date(now + delay).toISOString() }),
  };
}

/** The history after Registrar ended a run because it was unhealthy, of which it has counted the failure. */
export function noteEnd(history: SlotHistory, lastExit: LastExit): SlotHistory {
  const { retryAt: _over, unhealthySince: _ended, ...rest } = history;
  return { ...rest, lastExit };
}

/**
 * Restarts an unhealthy container once its delay has passed; until then it runs on. One that gives
 * way to another revision is left alone.
 */
export function restartUnhealthy(container: ObservedContainer, situation: Situation): Plan {
  const { target } = situation.desired;
  const illness = illnessOf(container);
  const { slot, revision } = container.owner;
  const isKept = target === undefined || target.revision === revision;
  if (illness === undefined || !isKept) return NOTHING;
  const name = containerName(container.owner);
  const it = { slot, revision };
  const until = putOffUntil(memoryOf(container, situation)?.retryAt, situation.now);
  if (until !== undefined) {
    const because = `${name} ${illness.message}; it is restarted at ${timestamp(until)}`;
    return { actions: [], waits: [{ ...it, until, because, reason: illness.reason }] };
  }
  const because = `it ${illness.message}`;
  const { id } = container;
  return {
    actions: [{ ...it, kind: 'restartContainer', because, id, name, illness }],
    waits: [],
  };
}
