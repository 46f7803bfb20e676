import { shortRevision } from '../../model/owner.js';
import type { RolloutStatus } from '../../model/rollout.js';
import type { Desired, Target } from '../../plan/desired.js';
import { goalOf, isOpen, nextLook } from '../../plan/rollout.js';
import type { RolloutMemory, RolloutView } from '../../plan/rollout.js';
import type { Outcome } from '../outcome.js';

/** How soon to look again at what should go in the next pass. */
const LOOK_MS = 1_000;

/** What the containers come to, seen as a change from one revision to another. */
export function rolloutOutcome(
  containers: Outcome,
  { target }: Pick<Desired, 'target'>,
  memory: RolloutMemory,
  view: RolloutView,
): Outcome {
  const outcome = judged(containers, target, memory, view);
  if (outcome.kind === 'failed' || outcome.kind === 'stalled') return outcome;
  // It failed meanwhile: what is to be done about it is for the next pass, at once.
  const goal = goalOf(memory, view);
  const isBehind = goal !== undefined && goal !== target?.revision && view.isKnown(goal);
  if (isBehind && view.replicas > 0 && !view.isPaused) {
    return { ...underWay(memory, view), lookAgainMs: 0 };
  }
  const dueAt = nextLook(memory, view);
  if (dueAt === undefined) return outcome;
  const { lookAgainMs = Infinity } = outcome;
  return { ...outcome, lookAgainMs: Math.max(0, Math.min(lookAgainMs, dueAt - view.now)) };
}

function judged(
  containers: Outcome,
  target: Target | undefined,
  memory: RolloutMemory,
  view: RolloutView,
): Outcome {
  const { rollout } = memory;
  const isFailed = rollout?.state === 'Failed' && isOpen(rollout);
  if (isFailed && containers.kind === 'progressing') return failed(rollout);
  if (containers.kind !== 'converged' || view.replicas === 0) return containers;
  if (rollout?.state === 'Progressing') return underWay(memory, view);
  if (rollout?.state === 'Paused') return paused(rollout.to);
  return leftOver(target, view) ?? replaced(memory, view) ?? containers;
}

function underWay(
  { rollout, current }: RolloutMemory,
  { replicas }: RolloutView,
): Extract<Outcome, { kind: 'progressing' }> {
  if (rollout?.state === 'RolledBack') {
    const message = `revision ${shortRevision(current ?? '')} takes the place of ${shortRevision(rollout.to)} again`;
    return { kind: 'progressing', reason: 'RollingBack', message };
  }
  const { ready = 0, to = '' } = rollout ?? {};
  const message = `${ready} of ${replicas} containers of revision ${shortRevision(to)} are ready for long enough`;
  return { kind: 'progressing', reason: 'RollingOut', message };
}

const paused = (to: string): Outcome => ({
  ...{ kind: 'waiting', reason: 'RolloutPaused' },
  message: `The rollout of revision ${shortRevision(to)} is paused: go on with "registrar rollout resume"`,
});

/** A container of another revision that is to go, as soon as it is known that it may. */
function leftOver(target: Target | undefined, { containers }: RolloutView): Outcome | undefined {
  const other = containers.find(({ owner }) => owner.revision !== target?.revision);
  if (target === undefined || other === undefined) return undefined;
  const message = `${other.name} is still there`;
  return { kind: 'progressing', reason: 'RollingOut', message, lookAgainMs: LOOK_MS };
}

/** Nothing else is wrong with it than what made the rollout fail. */
const failed = ({ reason = 'RolloutFailed', message = '' }: RolloutStatus): Outcome => ({
  ...{ kind: 'waiting', reason, message },
});

/** All is well, but with another revision than the one that the spec asks for. */
function replaced({ quarantined }: RolloutMemory, view: RolloutView): Outcome | undefined {
  const { wanted, undo } = view;
  if (wanted === undefined) return undefined;
  const bad = quarantined.find(({ revision }) => revision === wanted);
  if (bad !== undefined) {
    const message = `Revision ${shortRevision(wanted)} failed and what ran before runs again: ${bad.message}; change the spec, or try it again with "registrar rollout unquarantine"`;
    return { kind: 'stalled', reason: 'RolledBack', message };
  }
  if (undo?.from !== wanted || !view.isKnown(undo.to)) return undefined;
  const message = `Revision ${shortRevision(undo.to)} runs in place of ${shortRevision(wanted)}, which was undone; change the spec, or go back to it with "registrar rollout unquarantine"`;
  return { kind: 'stalled', reason: 'Undone', message };
}
