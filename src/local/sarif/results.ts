import { createHash } from 'node:crypto';
import type { Location, Notification, Result } from 'sarif';
import { warnsOrBlocks } from '../../model/verdict.js';
import type { CheckResult, Problem } from '../../model/verification.js';
import type { VerifiedModule } from '../verify/verify-module.js';
import { artifactAt } from './artifact.js';
import { levelOf, ruleIndexOf } from './rules.js';

/** What the checks of a module found, a result for each thing. */
export function resultsOf({ report, file }: VerifiedModule): Result[] {
  const { module, results } = report.spec;
  const seen = new Map<string, number>();
  return results
    .filter((one) => one.result === 'failed' && warnsOrBlocks(one))
    .flatMap((one) =>
      one.problems.map((problem) => resultOf(one, problem, { module, file, seen })),
    );
}

interface Place {
  readonly module: string;
  /** The manifest: where to point to when a problem has no place of its own. */
  readonly file: string;
  /** How often each fingerprint was given out. */
  readonly seen: Map<string, number>;
}

function resultOf(
  { check, mode }: CheckResult,
  problem: Problem,
  { module, file, seen }: Place,
): Result {
  return {
    ruleId: check,
    ruleIndex: ruleIndexOf(check),
    level: levelOf(mode),
    message: { text: problem.message },
    locations: [locationOf({ file, ...problem })],
    partialFingerprints: { 'registrarFinding/v1': fingerprintOf(check, module, problem, seen) },
    properties: { module },
  };
}

/** Without the line, so that it stays the same when text is put in above. */
function fingerprintOf(
  check: string,
  module: string,
  { file, field, message }: Problem,
  seen: Map<string, number>,
): string {
  const about = JSON.stringify([module, check, file ?? '', field ?? '', message]);
  const count = seen.get(about) ?? 0;
  seen.set(about, count + 1);
  return createHash('sha256').update(`${about}:${count}`).digest('hex');
}

function locationOf({ file, line = 1, column, field }: Problem & { file: string }): Location {
  return {
    physicalLocation: {
      artifactLocation: artifactAt(file),
      region: { startLine: line, ...(column !== undefined && { startColumn: column }) },
    },
    ...(field !== undefined && {
      logicalLocations: [{ fullyQualifiedName: field, kind: 'member' }],
    }),
  };
}

/** What could not be looked at, and findings that are counted only. */
export function notificationsOf({ report }: VerifiedModule): Notification[] {
  return report.spec.results
    .filter(warnsOrBlocks)
    .flatMap((one) => [
      ...(one.result === 'notVerified'
        ? [about(one, `Not verified: ${one.reason ?? one.title}`)]
        : []),
      ...(one.omitted === undefined ? [] : [about(one, `${one.omitted} more findings`)]),
    ]);
}

const about = ({ check, mode }: CheckResult, text: string): Notification => ({
  level: levelOf(mode),
  message: { text },
  associatedRule: { id: check, index: ruleIndexOf(check) },
});
