import type { NewCondition } from '../../model/conditions.js';
import { keyText } from '../../model/kinds.js';
import type { ObjectKey } from '../../model/kinds.js';
import type { ConfigAction } from './action.js';
import type { Refusal } from './apply.js';
import type { ConfigPlan } from './plan.js';
import { isRace, problemsOf, summary } from './problems.js';
import type { ConfigSnapshot } from './snapshot.js';
import type { FileProblem, HeldPrune } from './status.js';

export type Notice = Omit<NewCondition, 'observedGeneration'>;

/** What the directory says about itself after a look. Texts are stable: no times, no counts. */
export interface ConfigReport {
  /** Sorted by file. */
  readonly problems: readonly FileProblem[];
  readonly held: HeldPrune | undefined;
  /** By object, as `keyText` writes it. */
  readonly notices: ReadonlyMap<string, Notice>;
}

export const EMPTY_REPORT: ConfigReport = { problems: [], held: undefined, notices: new Map() };

/** What to say now. Of an object or file in change, what was said before still stands. */
export function reportOf(
  snapshot: ConfigSnapshot,
  plan: ConfigPlan,
  refusals: readonly Refusal[],
  before: ConfigReport,
): ConfigReport {
  const noticed = plan.actions.map(
    (action) => [action.object, noticeOf(action, snapshot, plan, before)] as const,
  );
  const refused = refusals.map(
    (refusal) => [refusal.action.object, refusalNotice(refusal)] as const,
  );
  const told = [...noticed, ...refused].flatMap(([object, notice]) =>
    notice === undefined ? [] : [[keyText(object), notice] as const],
  );
  return {
    problems: problemsOf(snapshot, plan, refusals, before.problems),
    held: plan.held ?? heldStill(plan, before),
    notices: new Map(told),
  };
}

function heldStill(plan: ConfigPlan, before: ConfigReport): HeldPrune | undefined {
  const waits = plan.actions.filter(({ kind }) => kind === 'wait');
  const waiting = new Set(waits.map(({ object }) => keyText(object)));
  const isWaiting = (object: ObjectKey): boolean => waiting.has(keyText(object));
  return before.held?.objects.some(isWaiting) ? before.held : undefined;
}

function noticeOf(
  action: ConfigAction,
  snapshot: ConfigSnapshot,
  plan: ConfigPlan,
  before: ConfigReport,
): Notice | undefined {
  if (action.kind === 'wait') return before.notices.get(keyText(action.object));
  if (action.kind === 'hold') return stale(HELD_REASONS[action.reason], plan.held?.message ?? '');
  if (action.kind !== 'keep') return undefined;
  const content = snapshot.files.get(action.file)?.content;
  const errors = content?.kind === 'invalid' ? content.errors : [];
  return stale('FileInvalid', `Kept as it was, its file is not valid: ${summary(errors)}`);
}

const HELD_REASONS = {
  DirectoryMissing: 'DirectoryMissing',
  DirectoryUnreadable: 'DirectoryMissing',
  DirectoryEmpty: 'PruneHeld',
  TooManyVanished: 'PruneHeld',
} as const;

function refusalNotice(refusal: Refusal): Notice | undefined {
  const { action, error } = refusal;
  if (action.kind !== 'update' || isRace(refusal)) return undefined;
  return stale('FileInvalid', `Kept as it was, its file is not applied: ${error.message}`);
}

function stale(reason: string, message: string): Notice {
  return { type: 'ConfigStale', status: 'True', reason, message };
}

/** Names of the modules whose notice differs between two reports. */
export function changedNotices(before: ConfigReport, now: ConfigReport): string[] {
  const prefix = keyText({ kind: 'Module', name: '' });
  const keys = new Set([...before.notices.keys(), ...now.notices.keys()]);
  const changed = [...keys].filter((key) => {
    const [old, next] = [before.notices.get(key), now.notices.get(key)];
    return old?.reason !== next?.reason || old?.message !== next?.message;
  });
  return changed.flatMap((key) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : []));
}
