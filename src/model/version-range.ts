import semver from 'semver';

/** Whether a text is a range of versions such as `^2.1` or `>=1 <3`. */
export const isVersionRange = (text: string): boolean =>
  text.trim() !== '' && semver.validRange(text) !== null;

/**
 * How a version is to a range: `unclear` when that is none. A version before a release counts as the
 * one that it becomes.
 */
export function fitOf(version: string, range: string): 'inside' | 'outside' | 'unclear' {
  if (!isVersionRange(range)) return 'unclear';
  return semver.satisfies(version, range, { includePrerelease: true }) ? 'inside' : 'outside';
}
