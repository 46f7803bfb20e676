import type { Report } from '../../kinds/report/schema.js';
import type { NewCondition } from '../../model/conditions.js';
import type { ModuleStatus, VerificationStatus } from '../../model/module-status.js';
import { blocks, warns } from '../../model/verdict.js';
import type { Findings } from '../findings.js';
import { outcomeText } from '../outcome.js';
import type { Preparation } from './prepare.js';

/** What the status remembers of a preparation, so that it is not done again. */
export function preparationStatus({
  source,
  report,
  image,
  artifact,
}: Preparation): Partial<ModuleStatus> {
  return {
    ...(artifact !== undefined && artifact.commit !== '' && { commit: artifact.commit }),
    ...(source !== undefined && { source }),
    ...(report !== undefined && { verification: verificationStatus(report) }),
    ...(image !== undefined && {
      imageReference: image.reference,
      imageId: image.id,
      imageDigest: image.digest,
    }),
  };
}

function verificationStatus({ metadata, spec }: Report): VerificationStatus {
  return {
    ...{ report: metadata.name, policy: spec.policy.name ?? '' },
    passed: spec.results.filter(({ result }) => result === 'passed').length,
    blocking: spec.results.filter(blocks).length,
    warnings: spec.results.filter(warns).length,
  };
}

type Condition = Omit<NewCondition, 'observedGeneration'>;

/** Whether what is to run was verified. What could not be looked at is neither true nor false. */
export function verifiedCondition({ preparation }: Pick<Findings, 'preparation'>): Condition[] {
  const { report, verificationProblem: problem } = preparation;
  const type = 'Verified';
  if (problem !== undefined) {
    const status = problem.kind === 'stalled' ? 'False' : 'Unknown';
    return [{ type, status, ...outcomeText(problem) }];
  }
  if (report === undefined) return [];
  const { passed, warnings } = verificationStatus(report);
  const message = `${passed} checks passed, ${warnings} with warnings`;
  return [{ type, status: 'True', reason: 'Verified', message }];
}
