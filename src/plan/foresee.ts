import type { ObservedContainer } from '../model/container.js';
import type { Action } from './action.js';
import { carryOut } from './carry-out.js';
import type { Desired } from './desired.js';
import { plan } from './plan.js';
import type { SlotHistory } from './history.js';

/** Each replica takes a few rounds at most; a plan that never comes to rest would be a mistake. */
const MOST_ROUNDS = 500;
const HOUR_MS = 3_600_000;

/** All that is to be done until the containers are as desired, in order, when nothing goes wrong. */
export function foresee(
  desired: Desired,
  observed: readonly ObservedContainer[],
  histories: readonly SlotHistory[],
  now: number,
): Action[] {
  const steps: Action[] = [];
  let [containers, time, known] = [observed, now, histories];
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const { actions } = plan(desired, containers, known, time);
    if (actions.length === 0) return steps;
    steps.push(...actions);
    containers = carryOut(containers, actions, desired, time);
    // Long enough for what was started to count.
    time += HOUR_MS;
    known = containers.map((container) => settledSince(container, time - HOUR_MS));
  }
  return steps;
}

const settledSince = ({ owner }: ObservedContainer, at: number): SlotHistory => ({
  ...{ slot: owner.slot, revision: owner.revision, restarts: 0, engineRestarts: 0, failures: 0 },
  readyAt: new Date(at).toISOString(),
});
