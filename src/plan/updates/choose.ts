import type { ChangeWindow } from '../../model/updates-spec.js';
import type { Candidate } from '../../model/updates-status.js';
import { seenMs } from './candidates.js';
import { isOpen, opensAt } from './change-window.js';
import { failedBy, isProven } from './turn.js';
import type { Staging } from './turn.js';

/** What decides which candidate is taken up, and when. */
export interface UpdateRules {
  readonly cooldownMs: number;
  /** Undefined for always. */
  readonly window: ChangeWindow | undefined;
  /** Commit, tag, version or digest that a person wants without waiting. */
  readonly urgent: string | undefined;
  /** Commits and digests that failed here before. */
  readonly quarantined: ReadonlySet<string>;
  /** How the set of the module takes it up, if one at a time. */
  readonly staging?: Staging | undefined;
}

/** Why nothing is taken up yet. `until` is in milliseconds since 1970. */
export interface Wait {
  readonly for: 'Cooldown' | 'Window';
  readonly candidate: Candidate;
  readonly until: number;
}

/** What failed here, or in another module of the set. */
export interface Held {
  readonly candidate: Candidate;
  /** The other module. */
  readonly by?: string;
}

/** What is to be done about the candidates. */
export interface Choice {
  /** May be fetched, verified and built now. */
  readonly next?: Candidate;
  /** What the next one, or else the one that may be next first, waits for; undefined for nothing. */
  readonly wait?: Wait;
  /** One that is not taken up because it failed before, where there is no other. */
  readonly held?: Held;
  readonly isUrgent: boolean;
}

/**
 * Which candidate is taken up: the newest that is old enough, so that frequent releases do not keep
 * each other from ever being old enough, or the one that a person named. It may be prepared at once
 * and taken up while the window is open. In a set where one goes first, what that one has proven comes
 * before what is newer. `now` in milliseconds since 1970.
 */
export function chooseUpdate(
  candidates: readonly Candidate[],
  rules: UpdateRules,
  now: number,
): Choice {
  const usable = candidates.filter(
    (one) => one.refused === undefined && holdOf(one, rules, now) === undefined,
  );
  const urgent = usable.findLast((one) => isNamed(one, rules.urgent));
  if (urgent !== undefined) return { next: urgent, isUrgent: true };
  const offered = offeredOf(usable, rules, now);
  const next = offered.findLast((one) => agedAt(one, rules) <= now);
  if (next === undefined)
    return { ...waitOrHold(candidates, offered, rules, now), isUrgent: false };
  const { window } = rules;
  if (window === undefined || isOpen(window, now)) return { next, isUrgent: false };
  const wait = { for: 'Window', candidate: next, until: opensAt(window, now) } as const;
  return { next, wait, isUrgent: false };
}

/** What was proven in another module of the set, if anything was: all else has its turn later. */
function offeredOf(
  usable: readonly Candidate[],
  { staging }: UpdateRules,
  now: number,
): readonly Candidate[] {
  if (staging === undefined) return usable;
  const proven = usable.filter(({ id }) => isProven(staging, id, now));
  return proven.length > 0 ? proven : usable;
}

/** Why a candidate is not taken up although nobody refused it. */
function holdOf(
  candidate: Candidate,
  { quarantined, staging }: UpdateRules,
  now: number,
): Held | undefined {
  if (quarantined.has(candidate.id)) return { candidate };
  const by = staging && failedBy(staging, candidate.id, now);
  return by === undefined ? undefined : { candidate, by };
}

const agedAt = (candidate: Candidate, { cooldownMs }: UpdateRules): number =>
  seenMs(candidate) + cooldownMs;

function waitOrHold(
  candidates: readonly Candidate[],
  usable: readonly Candidate[],
  rules: UpdateRules,
  now: number,
): Pick<Choice, 'wait' | 'held'> {
  const [first] = usable.toSorted((a, b) => seenMs(a) - seenMs(b));
  if (first === undefined) {
    const held = candidates
      .filter(({ refused }) => refused === undefined)
      .flatMap((one) => holdOf(one, rules, now) ?? [])
      .at(-1);
    return held === undefined ? {} : { held };
  }
  return { wait: { for: 'Cooldown', candidate: first, until: agedAt(first, rules) } };
}

/** Shortest part of a commit that names it: shorter ones may name several. */
const SHORTEST_COMMIT = 7;

/** Whether a person's word names a candidate: by commit, digest or version, never by branch. */
export function isNamed(
  { id, version }: Pick<Candidate, 'id' | 'version'>,
  word: string | undefined,
): boolean {
  if (word === undefined || word === '') return false;
  const isCommit = /^[0-9a-f]+$/.test(word) && word.length >= SHORTEST_COMMIT;
  const isVersion = version !== '' && (word === version || word === `v${version}`);
  return word === id || isVersion || (isCommit && id.startsWith(word));
}
