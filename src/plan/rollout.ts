import type { ObservedContainer } from '../model/container.js';
import type { Quarantine, RolloutState, RolloutStatus } from '../model/rollout.js';
import type { Undo } from '../model/rollout-wishes.js';
import type { Swap } from './desired.js';
import type { SlotHistory } from './history.js';
import { deadlineOf, failureOf } from './rollout-failure.js';
import type { Failure } from './rollout-failure.js';
import { isSettled, settlesAt } from './situation.js';

/** What is remembered of the revisions of a module. */
export interface RolloutMemory {
  /** The one that ran well last. */
  readonly current: string | undefined;
  readonly rollout: RolloutStatus | undefined;
  /** Oldest first. */
  readonly quarantined: readonly Quarantine[];
}

/** What decides how a rollout goes on. */
export interface RolloutView {
  /** Revision of the spec; undefined while it may not run. */
  readonly wanted: string | undefined;
  readonly replicas: number;
  readonly containers: readonly ObservedContainer[];
  readonly histories: readonly SlotHistory[];
  /** How slots come to a revision. */
  readonly swapTo: (revision: string) => Swap;
  readonly isPaused: boolean;
  /** Longest time without progress, in milliseconds. */
  readonly deadlineMs: number;
  readonly autoRollback: boolean;
  readonly undo: Undo | undefined;
  /** Quarantines older than this are lifted; milliseconds since 1970. */
  readonly liftedAt: number;
  /** Whether enough is known of a revision to run it. */
  readonly isKnown: (revision: string) => boolean;
  /** Since when containers can be seen: what happened before that is nobody's delay. */
  readonly seenSince: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Failed revisions that are remembered: those before were long ago. */
const MOST_QUARANTINED = 20;

/** The memory after a look. Pure; looking twice at the same comes to the same. */
export function advance(before: RolloutMemory, view: RolloutView): RolloutMemory {
  const lifted = before.quarantined.filter(({ at }) => Date.parse(at) > view.liftedAt);
  const memory = { ...before, quarantined: lifted };
  const goal = goalOf(memory, view);
  if (goal === undefined || view.replicas === 0) return memory;
  const begun = follow(memory, goal, view);
  return begun.rollout?.to === goal ? judge(begun, begun.rollout, view) : begun;
}

/**
 * The revision that slots are to have: that of the spec, unless it failed or somebody had it undone.
 * Undefined while that of the spec may not run, where nothing ran before or a rollout is under way:
 * what runs is left as it is then.
 */
export function goalOf(memory: RolloutMemory, view: RolloutView): string | undefined {
  const { wanted, undo } = view;
  if (wanted === undefined) return isUnderWay(memory) ? undefined : memory.current;
  const isBad = (revision: string): boolean =>
    memory.quarantined.some((one) => one.revision === revision);
  const choice = undo?.from === wanted && view.isKnown(undo.to) ? undo.to : wanted;
  return isBad(choice) ? (memory.current ?? wanted) : choice;
}

/**
 * The revision that containers are made from now: the goal, but while a rollout that has not begun is
 * paused what ran before.
 */
export function targetOf(memory: RolloutMemory, view: RolloutView): string | undefined {
  const goal = goalOf(memory, view);
  const hasBegun = view.containers.some(({ owner }) => owner.revision === goal);
  return view.isPaused && !hasBegun ? (memory.current ?? goal) : goal;
}

const isUnderWay = ({ rollout }: RolloutMemory): boolean =>
  rollout !== undefined && isOpen(rollout);

/** True for a rollout that goes on. */
export const isOpen = ({ state, endedAt }: Pick<RolloutStatus, 'state' | 'endedAt'>): boolean =>
  state === 'Progressing' || state === 'Paused' || (state === 'Failed' && endedAt === undefined);

/** The memory with a rollout to the goal, when there has to be one. */
function follow(memory: RolloutMemory, goal: string, view: RolloutView): RolloutMemory {
  const { current, rollout } = memory;
  if (rollout?.to === goal && (isOpen(rollout) || current === goal)) return memory;
  if (current === goal) return { ...memory, rollout: rollout && givenUp(rollout, view) };
  return { ...memory, rollout: begin(memory, goal, view) };
}

/** How a rollout ends when the spec goes past it; one that failed has failed, and one that ended stays as it is. */
export function givenUp(rollout: RolloutStatus, view: Pick<RolloutView, 'now'>): RolloutStatus {
  if (!isOpen(rollout)) return rollout;
  return end(rollout, rollout.state === 'Failed' ? 'Failed' : 'Superseded', view);
}

function begin({ current, rollout }: RolloutMemory, to: string, view: RolloutView): RolloutStatus {
  const at = timeOf(view.now);
  const { order, because } = view.swapTo(to);
  return {
    number: 1 + (rollout?.number ?? 0),
    ...(current === undefined ? {} : { from: current }),
    ...{ to, order, because, ready: 0 },
    state: view.isPaused ? 'Paused' : 'Progressing',
    ...{ startedAt: at, progressedAt: at },
  };
}

const timeOf = (now: number): string => new Date(now).toISOString();

const end = (
  rollout: RolloutStatus,
  state: RolloutState,
  { now }: Pick<RolloutView, 'now'>,
): RolloutStatus => ({
  ...{ ...rollout, state, endedAt: timeOf(now) },
});

/** Whether the rollout to the goal is done, went further, or failed. */
function judge(memory: RolloutMemory, rollout: RolloutStatus, view: RolloutView): RolloutMemory {
  if (!isOpen(rollout)) return memory;
  const ready = countReady(rollout, view);
  if (ready === view.replicas && !view.isPaused) {
    return {
      ...memory,
      current: rollout.to,
      rollout: end(succeeded(rollout, ready), 'Complete', view),
    };
  }
  const moved = move(rollout, ready, view);
  if (moved.state !== 'Progressing') return { ...memory, rollout: moved };
  const failure = failureOf(moved, view);
  return failure === undefined ? { ...memory, rollout: moved } : fail(memory, moved, failure, view);
}

/** Nothing is left of an earlier failure that passed. */
const succeeded = (
  { reason: _reason, message: _message, ...rollout }: RolloutStatus,
  ready: number,
): RolloutStatus => ({ ...rollout, ready });

/** Slots whose container of the new revision is ready for long enough. */
function countReady(rollout: RolloutStatus, view: RolloutView): number {
  const slots = containersOf(rollout, view)
    .filter((one) => isSettled(one, view, minReadyMs(rollout, view)))
    .map(({ owner }) => owner.slot);
  return new Set(slots).size;
}

/** Where nothing ran before, nothing is lost by calling it ready at once. */
const minReadyMs = ({ from, to }: RolloutStatus, { swapTo }: RolloutView): number =>
  from === undefined ? 0 : swapTo(to).minReadyMs;

const containersOf = (
  { to }: RolloutStatus,
  { containers, replicas }: RolloutView,
): readonly ObservedContainer[] =>
  containers.filter(({ owner }) => owner.revision === to && owner.slot < replicas);

/** When time alone changes how a rollout stands, in milliseconds since 1970; undefined when it does not. */
export function nextLook({ rollout }: RolloutMemory, view: RolloutView): number | undefined {
  if (rollout?.state !== 'Progressing') return undefined;
  const settle = containersOf(rollout, view)
    .map((one) => settlesAt(one, view, minReadyMs(rollout, view)) ?? 0)
    .filter((time) => time > view.now);
  const next = Math.min(deadlineOf(rollout, view), ...settle);
  return Number.isFinite(next) ? next : undefined;
}

/** The rollout with what changed of it; a pause takes no time of the deadline. */
function move(
  rollout: RolloutStatus,
  ready: number,
  { isPaused, now }: RolloutView,
): RolloutStatus {
  if (rollout.state === 'Failed') return { ...rollout, ready };
  const state = isPaused ? 'Paused' : 'Progressing';
  const isOn = ready > rollout.ready || (rollout.state === 'Paused' && state === 'Progressing');
  return { ...rollout, state, ready, ...(isOn && { progressedAt: timeOf(now) }) };
}

/** Goes back, where there is something to go back to and nobody forbade it. */
function fail(
  memory: RolloutMemory,
  rollout: RolloutStatus,
  failure: Failure,
  view: RolloutView,
): RolloutMemory {
  const { current, quarantined } = memory;
  const isThere = current !== undefined && current !== rollout.to && view.isKnown(current);
  if (!isThere || !view.autoRollback)
    return { ...memory, rollout: { ...rollout, ...failure, state: 'Failed' } };
  const entry = { revision: rollout.to, ...failure, at: timeOf(view.now) };
  return {
    current,
    rollout: end({ ...rollout, ...failure }, 'RolledBack', view),
    quarantined: [...quarantined, entry].slice(-MOST_QUARANTINED),
  };
}
