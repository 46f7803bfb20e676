import type { CheckResult, Subject } from '../model/verification.js';
import { runCheck } from './run-check.js';
import type { Setting } from './run-check.js';
import type { Subjects } from './subjects.js';

/**
 * Runs all checks of the subjects that are there, one after another, in the order of the table.
 * Each result is told as soon as it is there.
 */
export async function verify(
  subjects: Partial<Subjects>,
  settings: readonly Setting[],
  onResult: (result: CheckResult) => void = () => undefined,
): Promise<CheckResult[]> {
  const given = new Set<Subject>(Object.keys(subjects) as Subject[]);
  const results: CheckResult[] = [];
  for (const setting of settings) {
    // One at a time: they take processor time, and a report always has the same order.
    if (!given.has(setting.check.about)) continue;
    const result = await runCheck(setting, subjects);
    onResult(result);
    results.push(result);
  }
  return results;
}
