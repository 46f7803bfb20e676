import type { ModuleVersion } from '../../kinds/module-version/schema.js';
import type { FetchedCommit, Report } from '../../kinds/report/schema.js';
import { timestamp } from '../../lib/clock.js';
import { moduleReference } from '../../model/event.js';
import type { NewEvent } from '../../model/event.js';
import type { Module } from '../../model/module.js';
import { API_VERSION } from '../../model/names.js';
import { MODULE_LABEL } from '../../model/owner.js';
import { versionName } from '../../model/version-name.js';
import type { Registry } from '../../registry/registry.js';
import type { ReconcileContext } from '../context.js';
import { installRecipe } from './install-recipe.js';
import type { Packed } from './pack-job.js';

/** Versions of a module that are listed: one a week for four years. */
export const MAX_VERSIONS = 200;

interface Release {
  readonly module: Module;
  readonly report: Report;
  readonly source: FetchedCommit;
  readonly packed: Packed;
}

/** Records what was published, and forgets what was published longest ago when that is too much. */
export async function recordVersion(
  { module, report, source, packed }: Release,
  { registry, clock, record }: Pick<ReconcileContext, 'registry' | 'clock' | 'record'>,
): Promise<void> {
  const { name } = module.metadata;
  const { version, type, author, license, description } = module.spec;
  const { repoUrl, commit, sourceHash } = source;
  const { hash, bytes, envTemplate } = packed;
  await registry.create('ModuleVersion', {
    ...{ apiVersion: API_VERSION, kind: 'ModuleVersion' },
    metadata: {
      name: versionName(name, version),
      labels: { ...module.metadata.labels, [MODULE_LABEL]: name },
    },
    spec: {
      ...{ module: name, version, type, author, license, description },
      ...{ repoUrl, commit, report: report.metadata.name, sourceHash },
      ...{ packageHash: hash, packageBytes: bytes, publishedAt: timestamp(clock.now()) },
      envTemplate: [...envTemplate],
      install: installRecipe(module, commit, envTemplate),
    },
  });
  record(publishedEvent(module, commit));
  await forgetOld(module, registry);
}

/** All versions of a module that are listed, the one that was published longest ago first. */
export function versionsOf(module: string, registry: Pick<Registry, 'list'>): ModuleVersion[] {
  return registry
    .list('ModuleVersion')
    .items.map(({ object }) => object)
    .filter(({ spec }) => spec.module === module)
    .toSorted((a, b) => (a.spec.publishedAt < b.spec.publishedAt ? -1 : 1));
}

/** The version that is wanted and the one that runs stay, whatever their age. */
async function forgetOld({ metadata, spec, status }: Module, registry: Registry): Promise<void> {
  const all = versionsOf(metadata.name, registry);
  const used = [spec.version, status.version];
  const old = all.filter((one) => !used.includes(one.spec.version));
  await Promise.all(
    old
      .slice(0, Math.max(0, all.length - MAX_VERSIONS))
      .map(({ metadata: { name, uid } }) => registry.delete('ModuleVersion', name, { uid })),
  );
}

function publishedEvent({ metadata, spec }: Module, commit: string): NewEvent {
  const about = moduleReference(metadata.name, metadata.uid);
  const message = `Published version "${spec.version}" from commit ${commit}`;
  return { about, type: 'Normal', reason: 'VersionPublished', message };
}
