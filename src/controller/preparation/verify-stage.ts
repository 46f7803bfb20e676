import type { Report } from '../../kinds/report/schema.js';
import { isRegistrarError } from '../../model/errors.js';
import type { Module } from '../../model/module.js';
import type { ResolvedCommit } from '../../model/module-status.js';
import { blocks } from '../../model/verdict.js';
import type { CheckResult } from '../../model/verification.js';
import type { ManifestSubject } from '../../verification/subjects.js';
import { verify } from '../../verification/verify.js';
import type { ReconcileContext } from '../context.js';
import type { Outcome } from '../outcome.js';
import { basisOf } from './basis.js';
import type { Basis } from './basis.js';
import { loginVersion, repositoryLogin } from './credentials.js';
import { manifestSubject } from './manifest-facts.js';
import { findReport, writeReport } from './reports.js';
import { isBuilt, knownCommit, resolvedCommit } from './resolved-commit.js';
import { verifySource } from './source-job.js';
import type { VerifiedSource } from './source-job.js';
import { failure, working } from './stage.js';
import { verificationKey } from './verification-key.js';
import { blockedBy, isSettled, withoutImage } from './verdict.js';

/** What is known of manifest and source, and what keeps them from running, if anything does. */
export interface VerifyStage {
  readonly basis: Basis | undefined;
  readonly source: ResolvedCommit | undefined;
  readonly report: Report | undefined;
  readonly problem: Outcome | undefined;
}

/**
 * Makes sure that manifest and source were verified. What was verified before costs nothing: no git,
 * and no file but the folders of the host that it mounts. Otherwise the manifest is checked first, so
 * that a refused one fetches nothing.
 */
export async function verifyModule(
  module: Module,
  context: ReconcileContext,
): Promise<VerifyStage> {
  const source = isBuilt(module) ? knownCommit(module, context.registry) : undefined;
  try {
    const basis = basisOf(module, context);
    return await verifyOn({ module, basis, source }, context);
  } catch (error) {
    if (!isRegistrarError(error)) throw error;
    return { basis: undefined, source, report: undefined, problem: failure(error) };
  }
}

/**
 * Why what was verified does not count now, if it does not: it was refused, or something that it
 * depends on is another by now.
 */
export async function doubtAbout(
  module: Module,
  { source, report }: Pick<VerifyStage, 'source' | 'report'>,
  context: ReconcileContext,
): Promise<Outcome | undefined> {
  try {
    const basis = basisOf(module, context);
    const subject = await manifestSubject(module, context);
    const key = keyOf({ module, basis, source }, subject);
    return report?.spec.key === key ? blockedBy(report) : outdated;
  } catch (error) {
    if (!isRegistrarError(error)) throw error;
    return failure(error);
  }
}

const outdated: Outcome = {
  ...{ kind: 'waiting', reason: 'NotVerified' },
  message: 'What is wanted, or what decides about it, changed since it was verified',
};

/** What is verified, and what decides. */
interface Question {
  readonly module: Module;
  readonly basis: Basis;
  /** Undefined while it is not known, and for a given image. */
  readonly source: ResolvedCommit | undefined;
}

async function verifyOn(question: Question, context: ReconcileContext): Promise<VerifyStage> {
  const { module, basis, source } = question;
  const { name } = module.metadata;
  const subject = await manifestSubject(module, context);
  const key = keyOf(question, subject);
  const known = findReport(module, key, context.registry);
  if (known !== undefined && isSettled(withoutImage(known), context.clock.now())) {
    context.fetches.cancel(name);
    return { basis, source, report: known, problem: blockedBy(withoutImage(known)) };
  }
  const results = await verify({ manifest: subject }, basis.settings);
  if (!isBuilt(module) || results.some(blocks)) {
    context.fetches.cancel(name);
    const report = await writeReport(module, { key, basis, results }, context);
    return { basis, source, report, problem: blockedBy(report) };
  }
  const { job, problem } = fetchAndVerify(question, key, context);
  if (job === undefined) return { basis, source, report: undefined, problem };
  return conclude(question, { subject, results, found: job }, context);
}

/** The source, once it was fetched and verified; until then why not. */
function fetchAndVerify(
  { module, basis, source }: Question,
  key: string,
  context: ReconcileContext,
): { job?: VerifiedSource; problem?: Outcome } {
  const { credentials, problem } = repositoryLogin(module, context);
  if (problem !== undefined) return { problem };
  const work = verifySource(module, source, basis, { ...context, credentials });
  const occasion = loginVersion(module.spec.source?.secret, context);
  const job = context.fetches.run(module.metadata.name, { key, occasion }, work);
  if (job.state === 'done') return { job: job.result };
  if (job.state === 'failed') return { problem: failure(job.error) };
  return { problem: working('Verifying', `Fetching and verifying: ${job.progress}`) };
}

interface Answer {
  readonly subject: ManifestSubject;
  /** Of the manifest. */
  readonly results: readonly CheckResult[];
  readonly found: VerifiedSource;
}

async function conclude(
  question: Question,
  { subject, results, found }: Answer,
  context: ReconcileContext,
): Promise<VerifyStage> {
  const { module, basis } = question;
  const commit = resolvedCommit(module, found.resolved, context.clock.now());
  const key = keyOf({ module, basis, source: commit }, subject);
  const all = [...results, ...found.results];
  const report = await writeReport(
    module,
    { key, basis, source: found.source, results: all },
    context,
  );
  return { basis, source: question.source ?? commit, report, problem: blockedBy(report) };
}

const keyOf = ({ module, basis, source }: Question, subject: ManifestSubject): string =>
  verificationKey(module, { ...subject, basis, commit: source?.commit ?? '' });
