import type { ObservedContainer } from '../model/container.js';
import type { Module } from '../model/module.js';
import { newHistory, observeSlot } from '../plan/history.js';
import type { SlotHistory } from '../plan/history.js';
import { noteIllness } from '../plan/illness.js';
import { noteReady } from '../plan/readiness.js';
import type { ReconcileContext } from './context.js';
import { checksOf } from './blueprint.js';

/** A module's containers at one moment, and what is remembered of its slots. */
export interface Look {
  readonly containers: readonly ObservedContainer[];
  readonly histories: readonly SlotHistory[];
}

type LookContext = Pick<
  ReconcileContext,
  'observer' | 'prober' | 'progress' | 'gpus' | 'clock' | 'registry' | 'seenSince'
>;

/** Looks at a module's containers and brings the histories of its slots up to date. */
export function lookAt(
  module: Module,
  context: LookContext,
  histories: readonly SlotHistory[],
): Look {
  const { observer, prober, progress, gpus, clock, registry } = context;
  const seenSince = context.seenSince();
  const remembered = new Map(module.status.containers.map((one) => [one.id, one.health]));
  const now = clock.now();
  const { name } = module.metadata;
  const checks = ({ owner }: ObservedContainer) => checksOf(module, owner, registry);
  const probed = observer
    .containersOf(name)
    .map((one) => gpus.observe(one))
    .map((one) => prober.observe(one, checks(one).healthCheck, remembered.get(one.id)));
  const containers = progress.observe(name, probed, checks);
  const known = new Map(histories.map((history) => [keyOf(history), history]));
  for (const container of containers) {
    const { slot, revision } = container.owner;
    const before = known.get(keyOf(container.owner)) ?? newHistory(slot, revision);
    const after = observeSlot(before, container, { now, seenSince });
    const judged = noteIllness(after, container, now);
    known.set(keyOf(judged), noteReady(judged, container, now));
  }
  return { containers, histories: [...known.values()] };
}

/** The histories, with newer ones for some. */
export function mergeHistories(
  histories: readonly SlotHistory[],
  newer: readonly SlotHistory[],
): SlotHistory[] {
  const all = [...histories, ...newer];
  return [...new Map(all.map((history) => [keyOf(history), history])).values()];
}

const keyOf = ({ slot, revision }: Pick<SlotHistory, 'slot' | 'revision'>): string =>
  `${slot} ${revision}`;
