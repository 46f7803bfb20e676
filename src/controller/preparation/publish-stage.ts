import type { FetchedCommit, Report } from '../../kinds/report/schema.js';
import type { ModuleVersion } from '../../kinds/module-version/schema.js';
import { isRegistrarError } from '../../model/errors.js';
import type { Module } from '../../model/module.js';
import type { ReconcileContext } from '../context.js';
import type { Outcome } from '../outcome.js';
import type { Basis } from './basis.js';
import { packSource } from './pack-job.js';
import { recordVersion } from './versions.js';
import { findVersion, saying } from './release.js';
import { isBuilt } from './resolved-commit.js';
import { failure, working } from './stage.js';

/** What passed verification. */
export interface Publishable {
  readonly module: Module;
  readonly basis: Basis;
  readonly report: Report;
}

/**
 * Makes sure that the version of what passed verification is published, and that it is the one that
 * was published before, if any. Returns what is in the way. What is published already costs nothing.
 */
export async function publishVersion(
  request: Publishable,
  context: ReconcileContext,
): Promise<Outcome | undefined> {
  const { module, report } = request;
  const { source } = report.spec;
  if (!isBuilt(module) || source === undefined) return undefined;
  const known = findVersion(module.metadata.name, module.spec.version, context.registry);
  if (known === undefined) return publish(request, source, context);
  return conflictWith(known, source) ?? yankedFor(module, known);
}

/** Why a published version cannot be deployed anew from a commit, as far as that is known without it. */
export function foretellRelease(
  module: Module,
  commit: string,
  registry: Pick<ReconcileContext['registry'], 'get'>,
): Outcome | undefined {
  const known = findVersion(module.metadata.name, module.spec.version, registry);
  return known && (conflictWith(known, { commit }) ?? yankedFor(module, known));
}

/** The hash is over all files and the commit, so that one commit is never in conflict with itself. */
function conflictWith(
  { spec }: ModuleVersion,
  source: Pick<FetchedCommit, 'commit'> & Partial<FetchedCommit>,
): Outcome | undefined {
  if (spec.sourceHash === source.sourceHash || spec.commit === source.commit) return undefined;
  const message = `Version "${spec.version}" was published from commit ${spec.commit} and cannot be published again from commit ${source.commit}; raise spec.version, or set spec.source.commit to the former`;
  return { kind: 'stalled', reason: 'VersionConflict', message };
}

/** What a module runs already goes on, also when containers have to be made anew. */
function yankedFor({ spec, status }: Module, { status: { yanked }, ...known }: ModuleVersion) {
  if (yanked === undefined || status.version === spec.version) return undefined;
  const message = `${saying('Yanked', known.spec, yanked)}; set spec.version to another one`;
  return { kind: 'stalled', reason: 'VersionYanked', message } as const;
}

async function publish(
  { module, basis, report }: Publishable,
  source: FetchedCommit,
  context: ReconcileContext,
): Promise<Outcome | undefined> {
  const { name } = module.metadata;
  const { version } = module.spec;
  const key = `${version} ${source.commit} ${module.spec.source?.path ?? ''}`;
  const work = packSource(module, source.commit, basis, context);
  const job = context.packings.run(name, { key, occasion: report.spec.key }, work);
  if (job.state === 'failed') return failure(job.error);
  if (job.state === 'running') {
    return working('Publishing', `Publishing version "${version}": ${job.progress}`);
  }
  try {
    await recordVersion({ module, report, source, packed: job.result }, context);
    return undefined;
  } catch (error) {
    if (!isRegistrarError(error)) throw error;
    return failure(error);
  }
}
