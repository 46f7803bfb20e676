import type { ObservedContainer } from '../model/container.js';
import { putOffUntil } from './backoff.js';
import { NOTHING, together } from './desired.js';
import type { Desired, Plan } from './desired.js';
import { historyOf } from './history.js';
import type { SlotHistory } from './history.js';
import type { Situation } from './situation.js';
import { lookAtSlot } from './slot.js';
import type { Slot } from './slot.js';
import { create, removeAll } from './steps.js';
import { slotsThatBegin, swapIn } from './swap.js';

/**
 * What to do next so that the observed containers become the desired ones. Pure: no clock, no
 * randomness, inputs unchanged, the order of inputs without effect.
 */
export function plan(
  desired: Desired,
  observed: readonly ObservedContainer[],
  histories: readonly SlotHistory[],
  now: number,
): Plan {
  const situation = { desired, histories, now };
  const slots = Array.from({ length: desired.replicas }, (_, slot) =>
    lookAtSlot(slot, observed, situation),
  );
  const begin = slotsThatBegin(slots, situation);
  const beyond = observed.filter(({ owner }) => owner.slot >= desired.replicas);
  return together([
    ...slots.map((slot) => planSlot(slot, situation, begin.has(slot.slot))),
    removeAll(beyond, `the module is ${desired.scale}`, now, desired.replicas > 0),
  ]);
}

function planSlot(slot: Slot, situation: Situation, mayBegin: boolean): Plan {
  const { desired, now } = situation;
  const { next, before, others, strangers } = slot;
  const isEmpty = next === undefined && before.length === 0;
  return together([
    removeAll(strangers, 'it belongs to a deleted module of the same name', now),
    // While nothing could take its place, whatever runs is left running.
    removeAll(desired.target ? others : [], `slot ${slot.slot} has another container`, now),
    isEmpty ? fill(slot.slot, situation) : swapIn(slot, situation, mayBegin),
  ]);
}

/** Creates and starts a container in an empty slot, unless the last try was too recent. */
function fill(slot: number, { desired, histories, now }: Situation): Plan {
  const { target, module } = desired;
  if (target === undefined) return NOTHING;
  const { revision } = target;
  const until = putOffUntil(historyOf(histories, { slot, revision })?.retryAt, now);
  if (until !== undefined) {
    return {
      actions: [],
      waits: [{ slot, revision, until, because: 'the last container failed' }],
    };
  }
  return { actions: create(module, target, slot, `slot ${slot} has no container`), waits: [] };
}
