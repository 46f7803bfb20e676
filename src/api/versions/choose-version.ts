import semver from 'semver';
import { findVersion } from '../../controller/preparation/release.js';
import { versionsOf } from '../../controller/preparation/versions.js';
import type { ModuleVersion } from '../../kinds/module-version/schema.js';
import { printable } from '../../lib/printable.js';
import { RegistrarError } from '../../model/errors.js';
import type { Registry } from '../../registry/registry.js';
import { badRequest } from '../refusals.js';

/** Longest range that is looked at: no version is longer. */
const MAX_RANGE = 256;
/** Versions that a refusal names. */
const SHOWN = 5;

/**
 * The version that is asked for: exactly one, also when it was yanked; or the newest of a range that
 * was not, or of all. A pre-release is in a range that names one of its kind, and the newest of all
 * when there is nothing else. NOT_FOUND without one, BAD_REQUEST for what is no range.
 */
export function chooseVersion(
  module: string,
  versions: readonly ModuleVersion[],
  wanted: string | undefined,
): ModuleVersion {
  const exact = versions.find(({ spec }) => spec.version === wanted);
  if (exact !== undefined) return exact;
  const found = newestIn(newestFirst(versions), rangeOf(wanted));
  if (found !== undefined) return found;
  throw notFound(module, versions, wanted);
}

/** The version of a module that is called exactly so. NOT_FOUND when none is listed. */
export function exactVersion(
  module: string,
  version: string,
  registry: Pick<Registry, 'get' | 'list'>,
): ModuleVersion {
  const found = findVersion(module, version, registry);
  if (found?.spec.version === version) return found;
  throw notFound(module, versionsOf(module, registry), version);
}

/** By precedence; versions that differ in build metadata alone by when they were published. */
export const newestFirst = (versions: readonly ModuleVersion[]): ModuleVersion[] =>
  versions.toSorted(
    (a, b) =>
      semver.rcompare(a.spec.version, b.spec.version) ||
      (a.spec.publishedAt < b.spec.publishedAt ? 1 : -1),
  );

function rangeOf(wanted: string | undefined): semver.Range | undefined {
  if (wanted === undefined) return undefined;
  if (wanted.length <= MAX_RANGE && semver.validRange(wanted) !== null)
    return new semver.Range(wanted);
  const shown = printable(wanted, 64);
  throw badRequest(`"${shown}" is no version and no range of versions; write 1.4.2, ^1.4 or 1.x`);
}

function newestIn(
  versions: readonly ModuleVersion[],
  range: semver.Range | undefined,
): ModuleVersion | undefined {
  const usable = versions.filter(({ status }) => status.yanked === undefined);
  if (range !== undefined) return usable.find(({ spec }) => range.test(spec.version));
  return usable.find(({ spec }) => semver.prerelease(spec.version) === null) ?? usable[0];
}

function notFound(
  module: string,
  versions: readonly ModuleVersion[],
  wanted: string | undefined,
): RegistrarError {
  const details = { kind: 'Module', name: printable(module) };
  const name = `Module "${details.name}"`;
  if (versions.length === 0) {
    const message = `${name} has no published version; "registrar search" lists what there is`;
    return new RegistrarError('NOT_FOUND', message, details);
  }
  const shown = newestFirst(versions).slice(0, SHOWN).map(describe).join(', ');
  const asked = wanted === undefined ? 'that was not yanked' : `"${printable(wanted, 64)}"`;
  const message = `${name} has no version ${asked}; it has ${shown}`;
  return new RegistrarError('NOT_FOUND', message, details);
}

const describe = ({ spec, status }: ModuleVersion): string =>
  printable(spec.version, 64) + (status.yanked === undefined ? '' : ' (yanked)');
