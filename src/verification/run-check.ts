import { toRegistrarError } from '../model/errors.js';
import type { CheckResult, Mode, Problem } from '../model/verification.js';
import { NotApplicable, NotVerified } from './check.js';
import type { Check } from './check.js';
import type { Subjects } from './subjects.js';

/** Findings of one check that a report lists; the others are counted. */
const MAX_PROBLEMS = 20;

/** A check as a policy wants it. */
export interface Setting {
  readonly check: Check;
  readonly mode: Mode;
  /** With defaults. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Runs one check; a check that fails itself is not verified, whatever it fails with. */
export async function runCheck(
  { check, mode, parameters }: Setting,
  subjects: Partial<Subjects>,
): Promise<CheckResult> {
  const about = aboutOf({ check, mode });
  if (mode === 'off') return switchedOff({ check, mode });
  try {
    const problems = await found(check, subjects, parameters);
    if (problems.length === 0) return { ...about, result: 'passed', problems: [] };
    return { ...about, result: 'failed', remedy: check.remedy, ...listed(problems) };
  } catch (error) {
    const result = error instanceof NotApplicable ? 'notApplicable' : 'notVerified';
    return { ...about, result, reason: toRegistrarError(error).message, problems: [] };
  }
}

/** The result of a check that was not come to, for a reason; one that is off has none. */
export const notVerified = (setting: Omit<Setting, 'parameters'>, reason: string): CheckResult =>
  setting.mode === 'off'
    ? switchedOff(setting)
    : { ...aboutOf(setting), result: 'notVerified', reason, problems: [] };

function switchedOff(setting: Omit<Setting, 'parameters'>): CheckResult {
  const reason = 'The policy switched it off';
  return { ...aboutOf(setting), result: 'notApplicable', reason, problems: [] };
}

function aboutOf({
  check: { id, title, severity },
  mode,
}: Omit<Setting, 'parameters'>): Pick<CheckResult, 'check' | 'title' | 'severity' | 'mode'> {
  return { check: id, title, severity, mode };
}

async function found(
  check: Check,
  subjects: Partial<Subjects>,
  parameters: Setting['parameters'],
): Promise<readonly Problem[]> {
  const subject = subjects[check.about];
  if (subject === undefined) throw new NotVerified(`There is no ${check.about} to look at`);
  // The subject is the one that the check is about.
  return check.run(subject as never, parameters);
}

const listed = (problems: readonly Problem[]): Pick<CheckResult, 'problems' | 'omitted'> => ({
  problems: problems.slice(0, MAX_PROBLEMS),
  ...(problems.length > MAX_PROBLEMS && { omitted: problems.length - MAX_PROBLEMS }),
});
