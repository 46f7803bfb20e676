import type { Condition } from './condition.js';

/**
 * Ready: all wanted containers run and are healthy. Verified: every check of the policy that
 * enforces passed on what is to run. ImageReady: the image is present at the
 * recorded digest. DependenciesReady: all modules that it needs are there and ready; there only when
 * it needs any. Progressing: changes are being made. UpToDate: what is followed has nothing newer
 * than what was taken up; only of a module that follows. Four are present only while true: Stalled
 * (only the user can help), ConfigStale (the file that declares the module is missing or broken,
 * the last good state is kept), Yanked and Deprecated (somebody said so of the version that runs).
 */
export type ConditionType =
  | 'Ready'
  | 'Verified'
  | 'ImageReady'
  | 'DependenciesReady'
  | 'Progressing'
  | 'UpToDate'
  | 'Stalled'
  | 'ConfigStale'
  | 'Yanked'
  | 'Deprecated';

/** A condition without the time that setConditions works out. */
export type NewCondition = Omit<Condition, 'lastTransitionTime' | 'type'> & { type: ConditionType };

/**
 * The list `next` with transition times: kept from `previous` where the status did not change,
 * `now` (RFC 3339) otherwise. A condition that is not in `next` is gone. Sorted by type.
 */
export function setConditions(
  previous: readonly Condition[],
  next: readonly NewCondition[],
  now: string,
): Condition[] {
  const before = new Map(previous.map((condition) => [condition.type, condition]));
  return next
    .map((condition) => {
      const old = before.get(condition.type);
      const lastTransitionTime = old?.status === condition.status ? old.lastTransitionTime : now;
      return { ...condition, lastTransitionTime };
    })
    .toSorted((a, b) => (a.type < b.type ? -1 : 1));
}

/** The condition of that type, if there is one. */
export function findCondition(
  conditions: readonly Condition[],
  type: ConditionType,
): Condition | undefined {
  return conditions.find((condition) => condition.type === type);
}
