import semver from 'semver';
import type { ModuleManifest } from '../../../model/module.js';
import { printable } from '../../../lib/printable.js';
import { check, NotApplicable } from '../../check.js';

/** What is built is named in the manifest. */
export const COMMIT_PINNED = check({
  id: 'manifest/commit-pinned',
  title: 'The source is pinned to a commit',
  severity: 'low',
  mode: 'off',
  about: 'manifest',
  why: 'A branch stands for whatever its repository says when it is looked up.',
  remedy: 'Set spec.source.commit',
  run({ manifest }) {
    if (sourceOf(manifest).commit !== '') return [];
    return [{ field: 'spec.source.commit', message: 'The commit is not set' }];
  },
});

/** The tag and the version do not tell two stories. */
export const VERSION_TAG = check({
  id: 'manifest/version-tag',
  title: 'A tag that is a version is the version of the module',
  severity: 'low',
  mode: 'warn',
  about: 'manifest',
  why: 'A manifest of 1.4.2 that builds the tag v1.4.1 was changed in one place of two.',
  remedy: 'Make spec.version and spec.source.branch say the same',
  run({ manifest }) {
    const { branch } = sourceOf(manifest);
    const tagged = semver.parse(branch.replace(/^(?:refs\/tags\/)?v?/, ''));
    if (tagged === null) throw new NotApplicable('The branch is not named as a version');
    const { version } = manifest.spec;
    if (tagged.compare(version) === 0) return [];
    const message = `"${printable(branch)}" is another version than "${printable(version)}"`;
    return [{ field: 'spec.source.branch', message }];
  },
});

/** What is not released yet does not run. */
export const RELEASE_VERSION = check({
  id: 'manifest/release-version',
  title: 'The version is a release',
  severity: 'low',
  mode: 'off',
  about: 'manifest',
  why: 'A version such as 1.4.2-rc.1 says of itself that it is not finished.',
  remedy: 'Wait for the release, or switch the check off for modules that try what comes',
  run({ manifest: { spec } }) {
    if (semver.prerelease(spec.version) === null) return [];
    const message = `"${printable(spec.version)}" is a version before a release`;
    return [{ field: 'spec.version', message }];
  },
});

function sourceOf({ spec: { source } }: ModuleManifest) {
  if (source === undefined) throw new NotApplicable('The manifest names no source');
  return source;
}
