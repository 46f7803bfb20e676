import semver from 'semver';
import type { Refs } from '../../source/refs.js';
import type { Found } from './found.js';

/** A version, and the tag that stands for it. */
export interface TaggedVersion extends Found {
  readonly tag: string;
  /** Whether the tag is at the commit that was looked at. */
  readonly isHere: boolean;
}

/**
 * The version that tags say: that of a tag at the commit which was looked at, else the highest one.
 * One before a release only when there is no other.
 */
export function taggedVersion({
  tags,
  head,
}: Pick<Refs, 'tags' | 'head'>): TaggedVersion | undefined {
  const versions = [...tags].flatMap(([tag, commit]) => {
    const version = semver.parse(tag.replace(/^v(?=\d)/, ''));
    return version === null ? [] : [{ tag, version, isHere: commit === head }];
  });
  const [best] = versions.toSorted(
    (a, b) =>
      Number(b.isHere) - Number(a.isHere) ||
      Number(isRelease(b.version)) - Number(isRelease(a.version)) ||
      b.version.compare(a.version),
  );
  if (best === undefined) return undefined;
  const { tag, version, isHere } = best;
  return { value: version.version, from: `tag ${tag}`, tag, isHere };
}

const isRelease = ({ prerelease }: semver.SemVer): boolean => prerelease.length === 0;
