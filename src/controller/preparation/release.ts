import type { ModuleVersion, VersionNotice } from '../../kinds/module-version/schema.js';
import type { NewCondition } from '../../model/conditions.js';
import type { Module } from '../../model/module.js';
import { versionName } from '../../model/version-name.js';
import type { Registry } from '../../registry/registry.js';
import { findRevision } from '../blueprint.js';
import type { Findings } from '../findings.js';

type Condition = Omit<NewCondition, 'observedGeneration'>;

/** A version that was published, for as long as it is listed. */
export function findVersion(
  module: string,
  version: string,
  registry: Pick<Registry, 'get'>,
): ModuleVersion | undefined {
  return registry.get('ModuleVersion', versionName(module, version))?.object;
}

/**
 * The version that the containers of a module are made from; until the spec may run the one before.
 * Undefined for a given image, which no version is published for.
 */
export function runningVersion(
  { metadata, spec, status }: Module,
  { desired: { target }, wanted }: Pick<Findings, 'desired' | 'wanted'>,
  registry: Pick<Registry, 'get'>,
): string | undefined {
  if (target === undefined || wanted === undefined) return status.version;
  const recorded = findRevision(metadata.name, target.revision, registry)?.spec;
  const of = target.revision === wanted.revision ? { ...wanted, version: spec.version } : recorded;
  return of === undefined || of.commit === '' ? undefined : of.version;
}

/** What somebody said of the version that runs: it goes on. */
export function releaseConditions({ release }: Pick<Findings, 'release'>): Condition[] {
  if (release === undefined) return [];
  const { spec, status } = release;
  const say = (type: 'Yanked' | 'Deprecated', notice: VersionNotice | undefined): Condition[] =>
    notice === undefined
      ? []
      : [{ type, status: 'True', reason: `Version${type}`, message: saying(type, spec, notice) }];
  return [...say('Yanked', status.yanked), ...say('Deprecated', status.deprecated)];
}

/** A sentence about what was said of a version. */
export function saying(
  type: 'Yanked' | 'Deprecated',
  { version }: Pick<ModuleVersion['spec'], 'version'>,
  { reason, by }: VersionNotice,
): string {
  const done = type === 'Yanked' ? 'was yanked' : 'is deprecated';
  return `Version "${version}" ${done}, says ${by}: ${reason}`;
}
