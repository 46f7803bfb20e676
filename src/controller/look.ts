import type { ObservedContainer } from '../model/container.js';
import type { Module } from '../model/module.js';
import { newHistory, observeSlot } from '../plan/history.js';
import type { SlotHistory } from '../plan/history.js';
import type { ReconcileContext } from './context.js';

/** A module's containers at one moment, and what is remembered of its slots. */
export interface Look {
  readonly containers: readonly ObservedContainer[];
  readonly histories: readonly SlotHistory[];
}

/** Looks at a module's containers and brings the histories of its slots up to date. */
export function lookAt(
  module: Module,
  { observer, prober, clock }: Pick<ReconcileContext, 'observer' | 'prober' | 'clock'>,
  histories: readonly SlotHistory[],
): Look {
  const remembered = new Map(module.status.containers.map((one) => [one.id, one.health]));
  const containers = observer
    .containersOf(module.metadata.name)
    .map((one) => prober.observe(one, module.spec.healthCheck, remembered.get(one.id)));
  const slots = new Map(histories.map((history) => [history.slot, history]));
  for (const container of containers) {
    const { slot } = container.owner;
    slots.set(slot, observeSlot(slots.get(slot) ?? newHistory(slot), container, clock.now()));
  }
  return { containers, histories: [...slots.values()] };
}

/** The histories, with newer ones for some slots. */
export function mergeHistories(
  histories: readonly SlotHistory[],
  newer: ReadonlyMap<number, SlotHistory>,
): SlotHistory[] {
  const slots = new Map(histories.map((history) => [history.slot, history]));
  for (const [slot, history] of newer) slots.set(slot, history);
  return [...slots.values()];
}
