import type { NewCondition } from '../../model/conditions.js';
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
  /** By module. */
  readonly notices: ReadonlyMap<string, Notice>;
}

export const EMPTY_REPORT: ConfigReport = { problems: [], held: undefined, notices: new Map() };

/** What to say now. Of a module or file in change, what was said before still stands. */
export function reportOf(
  snapshot: ConfigSnapshot,
  plan: ConfigPlan,
  refusals: readonly Refusal[],
  before: ConfigReport,
): ConfigReport {
  const noticed = plan.actions.map(
    (action) => [action.name, noticeOf(action, snapshot, plan, before)] as const,
  );
  const refused = refusals.map((refusal) => [refusal.action.name, refusalNotice(refusal)] as const);
  const told = [...noticed, ...refused].flatMap(([name, notice]) =>
    notice === undefined ? [] : [[name, notice] as const],
  );
  return {
    problems: problemsOf(snapshot, plan, refusals, before.problems),
    held: plan.held ?? heldStill(plan, before),
    notices: new Map(told),
  };
}

function heldStill(plan: ConfigPlan, before: ConfigReport): HeldPrune | undefined {
  const waits = plan.actions.filter(({ kind }) => kind === 'wait');
  const waiting = new Set(waits.map(({ name }) => name));
  return before.held?.modules.some((name) => waiting.has(name)) ? before.held : undefined;
}

function noticeOf(
  action: ConfigAction,
  snapshot: ConfigSnapshot,
  plan: ConfigPlan,
  before: ConfigReport,
): Notice | undefined {
  if (action.kind === 'wait') return before.notices.get(action.name);
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
  const names = new Set([...before.notices.keys(), ...now.notices.keys()]);
  return [...names].filter((name) => {
    const [old, next] = [before.notices.get(name), now.notices.get(name)];
    return old?.reason !== next?.reason || old?.message !== next?.message;
  });
}
