import type { Revision } from '../../kinds/revision/schema.js';
import { findCondition } from '../../model/conditions.js';
import type { Condition } from '../../model/condition.js';
import type { ConditionType } from '../../model/conditions.js';
import type { Module } from '../../model/module.js';
import { RESTARTED_AT_ANNOTATION } from '../../model/names.js';
import { liftedAt, undoOf } from '../../model/rollout-wishes.js';

/** How a module stands on its way to what is asked for. */
export type Standing =
  | { readonly kind: 'open'; readonly message: string }
  | { readonly kind: 'done'; readonly message: string }
  | ({ readonly kind: 'failed' } & RolloutFailure);

export interface RolloutFailure {
  readonly message: string;
  /** Tells one that failed itself from one that could not begin. */
  readonly isRollout: boolean;
  /** Whether something was seen that it failed by. */
  readonly hasEvidence: boolean;
}

type Recorded = readonly Pick<Revision, 'spec'>[];

/** How a module stands, by what it says and by its recorded revisions. */
export function standingOf(module: Module, revisions: Recorded): Standing {
  const { metadata, status } = module;
  const ready = conditionOf(module, 'Ready');
  if (!isObserved(module, revisions)) return { kind: 'open', message: 'not looked at yet' };
  if (status.phase === 'Suspended') return { kind: 'done', message: 'is suspended' };
  const failure = failureOf(module);
  if (failure !== undefined) return { kind: 'failed', ...failure };
  if (ready?.status === 'True' && ready.observedGeneration >= metadata.generation) {
    return { kind: 'done', message: 'successfully rolled out' };
  }
  return { kind: 'open', message: ready?.message ?? 'not looked at yet' };
}

/** True when only a person can end what a rollout came to: it is of no use to wait. */
export const isGoneBack = (module: Module): boolean =>
  isWishSeen(module) && GONE_BACK.has(conditionOf(module, 'Stalled')?.reason ?? '');

const GONE_BACK: ReadonlySet<string> = new Set(['RolledBack', 'Undone']);

const conditionOf = ({ status }: Module, type: ConditionType): Condition | undefined =>
  findCondition(status.conditions, type);

function failureOf(module: Module): RolloutFailure | undefined {
  const { rollout, updatedRevision } = module.status;
  const stalled = conditionOf(module, 'Stalled');
  if (stalled?.status === 'True') {
    const isRollout = GONE_BACK.has(stalled.reason);
    const message = isRollout ? `${stalled.reason}: ${stalled.message}` : stalled.message;
    return { message, isRollout, hasEvidence: stalled.reason === 'RolledBack' };
  }
  if (rollout === undefined || rollout.to !== updatedRevision) return undefined;
  // What ran before runs again as soon as it can: that is waited for, but not for ever.
  const isOver = conditionOf(module, 'Progressing')?.status !== 'True';
  if (rollout.state !== 'Failed' && !(rollout.state === 'RolledBack' && isOver)) return undefined;
  const { state, reason = 'Unknown', message = '' } = rollout;
  return { message: `${state}: ${reason}: ${message}`, isRollout: true, hasEvidence: true };
}

/** Whether the status is about all that was asked for: a generation tells of the spec alone. */
function isObserved(module: Module, revisions: Recorded): boolean {
  const { metadata, status } = module;
  return (
    status.observedGeneration >= metadata.generation &&
    isWishSeen(module) &&
    isRestartSeen(module, revisions) &&
    isUndoSeen(module, revisions)
  );
}

/** Whether what was lifted or is not undone any more is no reason any more. */
function isWishSeen(module: Module): boolean {
  const annotations = module.metadata.annotations ?? {};
  const { updatedRevision, quarantined = [] } = module.status;
  const lifted = liftedAt(annotations);
  if (quarantined.some(({ at }) => Date.parse(at) <= lifted)) return false;
  const isUndone = conditionOf(module, 'Stalled')?.reason === 'Undone';
  return !isUndone || undoOf(annotations)?.from === updatedRevision;
}

function isRestartSeen({ metadata, status }: Module, revisions: Recorded): boolean {
  const asked = metadata.annotations?.[RESTARTED_AT_ANNOTATION];
  const wanted = revisions.find(({ spec }) => spec.revision === status.updatedRevision);
  return wanted === undefined || wanted.spec.template.restartedAt === asked;
}

/** While something else is to run in place of what the spec asks for, all is not as asked for. */
function isUndoSeen(module: Module, revisions: Recorded): boolean {
  const undo = undoOf(module.metadata.annotations ?? {});
  const { updatedRevision, quarantined = [] } = module.status;
  const isInForce =
    undo !== undefined &&
    undo.from === updatedRevision &&
    undo.to !== updatedRevision &&
    revisions.some(({ spec }) => spec.revision === undo.to) &&
    !quarantined.some(({ revision }) => revision === undo.to);
  return !isInForce || conditionOf(module, 'Ready')?.status !== 'True';
}
