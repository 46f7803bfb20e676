import type { ObservedContainer } from '../model/container.js';
import { isReadyIn } from './situation.js';
import type { Situation } from './situation.js';
import { isRunning } from './steps.js';

/** The containers of one slot, each with its part. */
export interface Slot {
  readonly slot: number;
  /** Of the target revision. */
  readonly next: ObservedContainer | undefined;
  /** Of other revisions: the one that serves, then the one that is kept to go back to. */
  readonly before: readonly ObservedContainer[];
  /** More than a slot has; they go when something can take their place. */
  readonly others: readonly ObservedContainer[];
  /** Of a deleted module of the same name. */
  readonly strangers: readonly ObservedContainer[];
}

/** Sorts the containers of a slot into their parts. */
export function lookAtSlot(
  slot: number,
  observed: readonly ObservedContainer[],
  situation: Situation,
): Slot {
  const { uid, target, reserve } = situation.desired;
  const all = observed.filter(({ owner }) => owner.slot === slot);
  const ours = all
    .filter(({ owner }) => owner.uid === uid)
    .toSorted((a, b) => compare(a, b, situation));
  const next = ours.find(({ owner }) => owner.revision === target?.revision);
  const old = ours.filter((one) => one.owner.revision !== target?.revision && !isGoing(one));
  const serving = old[0];
  const kept = old.find((one) => one !== serving && one.owner.revision === reserve);
  const before = [serving, kept].filter((one) => one !== undefined);
  return {
    ...{ slot, next, before },
    others: ours.filter((one) => one !== next && !before.includes(one)),
    strangers: all.filter(({ owner }) => owner.uid !== uid),
  };
}

/** Nothing but its removal can come of it. */
const isGoing = ({ state }: ObservedContainer): boolean => state === 'removing' || state === 'dead';

/** The container to keep comes first: ready, running, of the reserve, oldest. */
function compare(a: ObservedContainer, b: ObservedContainer, situation: Situation): number {
  const rank = (container: ObservedContainer): number =>
    (isReadyIn(container, situation) ? 0 : 4) +
    (isRunning(container) ? 0 : 2) +
    (container.owner.revision === situation.desired.reserve ? 0 : 1);
  return rank(a) - rank(b) || compareText(a.createdAt, b.createdAt) || compareText(a.id, b.id);
}

const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
