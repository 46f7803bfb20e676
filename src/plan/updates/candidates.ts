import semver from 'semver';
import { timestamp } from '../../lib/clock.js';
import type { Candidate, UpdatesStatus } from '../../model/updates-status.js';

/** Candidates that are remembered: they are in the status of the module. */
export const MAX_CANDIDATES = 16;

/** What a look found: where a branch or an image tag is, or all tags with what they stand for. */
export type Sighting =
  | {
      readonly kind: 'head';
      readonly name: string;
      readonly id: string;
      readonly version: string;
    }
  | {
      readonly kind: 'tags';
      /** Commits by the short names of tags. */
      readonly tags: ReadonlyMap<string, string>;
      readonly range: string;
    };

/** What is known before a look. */
export interface Before extends Pick<UpdatesStatus, 'candidates' | 'ran'> {
  /** What was taken up last, or what the spec asks for; undefined while that is not known. */
  readonly current: Pick<Candidate, 'id' | 'version'> | undefined;
}

/**
 * The candidates after a look at `now`, the newest last. What was seen before keeps the time when it
 * was first seen. A tag that is gone, what a branch went back from, and what is older than
 * what was taken up is no candidate.
 */
export function candidatesAfter(before: Before, sighting: Sighting, now: number): Candidate[] {
  return thinned(
    sighting.kind === 'head' ? afterHead(before, sighting, now) : afterTags(before, sighting, now),
  );
}

/** Rounded up, so that nothing is ever taken for older than it is. */
const seenAt = (now: number): string => timestamp(Math.ceil(now / 1000) * 1000);

function afterHead(
  { candidates, current, ran }: Before,
  { id, name, version }: Extract<Sighting, { kind: 'head' }>,
  now: number,
): Candidate[] {
  // It went back: whatever came after was taken back.
  if (id === current?.id || ran.includes(id)) return [];
  const known = candidates.findIndex((one) => one.id === id);
  if (known >= 0) return candidates.slice(0, known + 1);
  return [...candidates, { id, name, version, firstSeenAt: seenAt(now) }];
}

function afterTags(
  { candidates, current }: Before,
  { tags, range }: Extract<Sighting, { kind: 'tags' }>,
  now: number,
): Candidate[] {
  const found = new Map<string, Candidate>();
  for (const [tag, id] of tags) {
    const name = `refs/tags/${tag}`;
    const version = versionOfTag(tag);
    if (version === undefined || !semver.satisfies(version, range)) continue;
    if (current !== undefined && semver.lte(version, current.version)) continue;
    const known = candidates.find((one) => one.name === name && one.id === id);
    const candidate = known ?? { id, name, version, firstSeenAt: seenAt(now) };
    // Of two tags of one version the one that was seen first counts.
    const rival = found.get(version);
    if (rival === undefined || candidate.firstSeenAt < rival.firstSeenAt) {
      found.set(version, candidate);
    }
  }
  return [...found.values()].toSorted((a, b) => semver.compareBuild(a.version, b.version));
}

/** The version that a tag names, such as `v1.4.2`; undefined for any other tag. */
export function versionOfTag(tag: string): string | undefined {
  const text = tag.replace(/^v/, '');
  const parsed = semver.parse(text);
  if (parsed === null) return undefined;
  const build = parsed.build.length > 0 ? `+${parsed.build.join('.')}` : '';
  return `${parsed.version}${build}` === text ? text : undefined;
}

/**
 * Leaves out what is too many. First those that will never be the newest that is old enough, since a
 * newer one was seen no later. Then those with the shortest distance between their neighbours: the
 * one that has waited for longest, and the newest, always stay, so that nothing starves.
 */
export function thinned(candidates: readonly Candidate[], most = MAX_CANDIDATES): Candidate[] {
  const kept = [...candidates];
  while (kept.length > most) {
    const needless = kept.findIndex((one, at) =>
      kept.slice(at + 1).some((newer) => seenMs(newer) <= seenMs(one)),
    );
    kept.splice(needless >= 0 ? needless : closest(kept), 1);
  }
  return kept;
}

/** When a candidate was first seen, in milliseconds since 1970. */
export const seenMs = ({ firstSeenAt }: Pick<Candidate, 'firstSeenAt'>): number =>
  Date.parse(firstSeenAt);

/** Index of the inner one whose neighbours are closest in time. */
function closest(candidates: readonly Candidate[]): number {
  const gaps = candidates
    .slice(1, -1)
    .map((_, at) => seenMs(candidates[at + 2] as Candidate) - seenMs(candidates[at] as Candidate));
  return 1 + gaps.indexOf(Math.min(...gaps));
}
