import { shortRevision } from '../model/owner.js';
import type { ObservedContainer } from '../model/container.js';
import type { Action } from './action.js';
import { together } from './desired.js';
import type { Desired, Plan, Target } from './desired.js';
import { repair } from './drift.js';
import { link } from './links.js';
import { isReadyIn, isSettled } from './situation.js';
import type { Situation } from './situation.js';
import type { Slot } from './slot.js';
import { create, isRunning, remove, stop } from './steps.js';

/**
 * The slots that may change to the target now: as many as may be under way at once. Where the old one
 * stops first, those whose next one is made already are among them.
 */
export function slotsThatBegin(slots: readonly Slot[], situation: Situation): ReadonlySet<number> {
  const { target, swap } = situation.desired;
  if (target === undefined || swap.isPaused) return new Set();
  const isUp = (slot: Slot): boolean => containersOf(slot).some((one) => isReadyIn(one, situation));
  const old = slots
    .filter(({ next, before }) => next === undefined && before.length > 0)
    // What is in surge already comes first, as it takes part of it; then what does not serve.
    .toSorted(
      (a, b) =>
        b.before.length - a.before.length || Number(isUp(a)) - Number(isUp(b)) || a.slot - b.slot,
    );
  const beginning =
    swap.order === 'start-first'
      ? old.slice(0, Math.max(0, swap.maxSurge - slots.filter(isSwapping).length))
      : withinUnavailable(
          [...slots.filter(isAboutToStop), ...old],
          isUp,
          swap.maxUnavailable - slots.filter((one) => !isUp(one)).length,
        );
  return new Set(beginning.map(({ slot }) => slot));
}

/** Stopping what is not ready makes nothing worse; of the rest only so many may stop. */
function withinUnavailable(
  old: readonly Slot[],
  isUp: (slot: Slot) => boolean,
  room: number,
): Slot[] {
  const down = old.filter((slot) => !isUp(slot));
  return [...down, ...old.filter(isUp).slice(0, Math.max(0, room))];
}

const isSwapping = ({ next, before }: Slot): boolean => next !== undefined && before.length > 0;

/** Its next one is made already: the old one is to stop. */
const isAboutToStop = (slot: Slot): boolean => isSwapping(slot) && slot.before.some(isRunning);

const containersOf = ({ next, before }: Slot): readonly ObservedContainer[] =>
  next === undefined ? before : [next, ...before];

/** What a slot with a container needs: to be kept as it is, or to come to the target. */
export function swapIn(slot: Slot, situation: Situation, mayBegin: boolean): Plan {
  const { desired } = situation;
  const { next, before } = slot;
  if (next === undefined && mayBegin && desired.target !== undefined) {
    return { actions: begin(slot, desired, desired.target), waits: [] };
  }
  const [serving] = before;
  // Two that cannot run at once: what stopped for the next one stays so until it is needed again.
  const servesOn = next === undefined || desired.swap.order === 'start-first';
  // The old one may not stop yet, or no longer: then it is the old one that goes on alone.
  const isHeld = !servesOn && !mayBegin && before.some(isRunning);
  const kept = (isHeld ? [serving] : [next, servesOn ? serving : undefined]).filter(isThere);
  const isDone = next !== undefined && !desired.swap.isPaused && isProven(next, situation);
  const staying = isDone ? [next] : kept;
  // Before the old one goes: from then on it is the new one that others reach.
  const links = staying.flatMap((one) => link(one, situation));
  const cleared = isDone ? before.flatMap((one) => remove(one, succeeded(next), true)) : [];
  const stops = next === undefined || isDone || !mayBegin ? [] : makeRoom(next, before, desired);
  return together([
    { actions: [...links, ...cleared, ...stops], waits: [] },
    ...staying.map((one) => repair(one, situation)),
  ]);
}

const isThere = (one: ObservedContainer | undefined): one is ObservedContainer => one !== undefined;

/** What ran well before has nothing to prove. */
function isProven(next: ObservedContainer, situation: Situation): boolean {
  const { swap, reserve } = situation.desired;
  return isSettled(next, situation, next.owner.revision === reserve ? 0 : swap.minReadyMs);
}

/** The new container is there before anything happens to the old one: what makes that fail harms nothing. */
function begin({ slot, before }: Slot, desired: Desired, target: Target): Action[] {
  const { module, swap } = desired;
  const because = givesWay(before[0], target.revision);
  const [created, started] = create(module, target, slot, because);
  const stops = before
    .filter(isRunning)
    .map((one) => stop(one, `${because}, and stops first: ${swap.because}`));
  return [created, ...(swap.order === 'stop-first' ? stops : []), started];
}

/** What may not run beside the next one is stopped, if that was not done yet. */
function makeRoom(
  next: ObservedContainer,
  before: readonly ObservedContainer[],
  { swap }: Desired,
): Action[] {
  if (swap.order === 'start-first') return [];
  return before
    .filter(isRunning)
    .map((one) =>
      stop(one, `${givesWay(one, next.owner.revision)}, and stops first: ${swap.because}`),
    );
}

const givesWay = (before: ObservedContainer | undefined, revision: string): string =>
  `revision ${shortRevision(before?.owner.revision ?? '')} gives way to ${shortRevision(revision)}`;

const succeeded = ({ owner }: ObservedContainer): string =>
  `revision ${shortRevision(owner.revision)} is ready in its place`;
