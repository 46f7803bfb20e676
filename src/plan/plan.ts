import type { ObservedContainer } from '../model/container.js';
import type { Desired, Plan } from './desired.js';
import { repair } from './drift.js';
import { newHistory } from './history.js';
import type { SlotHistory } from './history.js';
import { create, removeAll } from './steps.js';

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
  const slots = new Set([
    ...observed.map((container) => container.owner.slot),
    ...Array.from({ length: desired.replicas }, (_, slot) => slot),
  ]);
  const parts = [...slots]
    .toSorted((a, b) => a - b)
    .map((slot) => {
      const containers = observed.filter((container) => container.owner.slot === slot);
      const history = histories.find((one) => one.slot === slot) ?? newHistory(slot);
      return planSlot(desired, slot, containers, history, now);
    });
  return {
    actions: parts.flatMap((part) => part.actions),
    waits: parts.flatMap((part) => part.waits),
  };
}

function planSlot(
  desired: Desired,
  slot: number,
  containers: readonly ObservedContainer[],
  history: SlotHistory,
  now: number,
): Plan {
  if (slot >= desired.replicas) return removeAll(containers, `the module is ${desired.scale}`, now);
  const [kept, ...others] = containers
    .filter((container) => container.owner.uid === desired.uid)
    .toSorted((a, b) => compareForSlot(desired, a, b));
  const strangers = containers.filter((container) => container.owner.uid !== desired.uid);
  const parts = [
    removeAll(strangers, 'it belongs to a deleted module of the same name', now),
    // While nothing could take its place, whatever runs is left running.
    removeAll(desired.target ? others : [], `slot ${slot} has another container`, now),
    kept === undefined ? fill(desired, slot, history, now) : repair(desired, kept, history, now),
  ];
  return {
    actions: parts.flatMap((part) => part.actions),
    waits: parts.flatMap((part) => part.waits),
  };
}

/** The container to keep comes first: right revision, running, oldest. */
function compareForSlot(desired: Desired, a: ObservedContainer, b: ObservedContainer): number {
  const rank = (container: ObservedContainer): number =>
    (container.owner.revision === desired.target?.revision ? 0 : 2) +
    (container.state === 'running' ? 0 : 1);
  return rank(a) - rank(b) || compareText(a.createdAt, b.createdAt) || compareText(a.id, b.id);
}

const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** Creates and starts a container in an empty slot, unless the last try was too recent. */
function fill(desired: Desired, slot: number, history: SlotHistory, now: number): Plan {
  const { target, module } = desired;
  if (target === undefined) return { actions: [], waits: [] };
  const until = Date.parse(history.retryAt ?? '');
  if (history.revision === target.revision && until > now) {
    return { actions: [], waits: [{ slot, until, because: 'the last container failed' }] };
  }
  return { actions: create(module, target, slot, `slot ${slot} has no container`), waits: [] };
}
