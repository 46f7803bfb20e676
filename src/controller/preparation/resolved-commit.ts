import { timestamp } from '../../lib/clock.js';
import type { Module } from '../../model/module.js';
import type { ResolvedCommit } from '../../model/module-status.js';
import type { Registry } from '../../registry/registry.js';
import type { ResolvedSource } from '../../source/source.js';
import { findVersion } from './release.js';

/** Whether the image of a module is built from its source, in place of given. */
export const isBuilt = ({ spec }: Module): boolean => spec.image === '';

/** The commit that the status records for the present source and version, if any. */
export function recordedCommit({ spec, status }: Module): ResolvedCommit | undefined {
  const { source: wanted, version } = spec;
  const { source: known } = status;
  const isSame =
    wanted !== undefined &&
    known?.repoUrl === wanted.repoUrl &&
    known.branch === wanted.branch &&
    known.pin === wanted.commit &&
    known.version === version;
  return isSame ? known : undefined;
}

/** The commit that a module stands for, where that need not be looked up. */
export const knownCommit = (
  module: Module,
  registry: Pick<Registry, 'get'>,
): ResolvedCommit | undefined => recordedCommit(module) ?? publishedCommit(module, registry);

/**
 * The commit that the version was published from, for a module whose status records none for it: an
 * older manifest means what it meant, wherever its branch is by now. Undefined for a version that was
 * never published, or from another repository or branch.
 */
function publishedCommit(
  { metadata, spec: { source, version } }: Module,
  registry: Pick<Registry, 'get'>,
): ResolvedCommit | undefined {
  const known = findVersion(metadata.name, version, registry)?.spec;
  if (source === undefined || source.commit !== '' || known?.repoUrl !== source.repoUrl)
    return undefined;
  const { repoUrl, branch } = source;
  if (branchIn(known.install.manifest) !== branch) return undefined;
  const { commit, publishedAt: resolvedAt } = known;
  return { repoUrl, branch, pin: '', version, ref: '', commit, resolvedAt };
}

/** The branch that a recipe names, which is what the version was published from. */
function branchIn(manifest: Readonly<Record<string, unknown>>): unknown {
  const { source } = manifest['spec'] as { readonly source?: { readonly branch?: unknown } };
  return source?.branch;
}

/** What the status is to record of a source that was looked up at `now`, in milliseconds. */
export function resolvedCommit(
  { spec: { source, version } }: Module,
  { ref, commit }: ResolvedSource,
  now: number,
): ResolvedCommit {
  const { repoUrl = '', branch = '', commit: pin = '' } = source ?? {};
  return { repoUrl, branch, pin, version, ref, commit, resolvedAt: timestamp(now) };
}
