/** How long something has looked as it does. All times are of the monotonic clock. */
export interface Sighting {
  /** What was seen; ABSENT for nothing. */
  readonly signature: string;
  /** First and latest look that saw this signature. */
  readonly sinceMs: number;
  readonly untilMs: number;
  /** First look that found it changed after it was last settled. */
  readonly restlessSinceMs: number;
}

export const ABSENT = '';

/** A file counts once two looks this far apart agree: half-written text is often valid YAML. */
export const SETTLE_MS = 200;

/** A file that does not hold still this long is worth a word to whoever writes it. */
export const RESTLESS_MS = 10_000;

export function isSettled({ sinceMs, untilMs }: Sighting, waitMs = SETTLE_MS): boolean {
  return untilMs - sinceMs >= waitMs;
}

export function isRestless(sighting: Sighting): boolean {
  return !isSettled(sighting) && sighting.untilMs - sighting.restlessSinceMs >= RESTLESS_MS;
}

/** What is known of one thing after another look at it. */
export function sightOne(
  previous: Sighting | undefined,
  signature: string,
  nowMs: number,
): Sighting {
  if (previous?.signature === signature) return { ...previous, untilMs: nowMs };
  const wasRestless = previous !== undefined && !isSettled(previous);
  const restlessSinceMs = wasRestless ? previous.restlessSinceMs : nowMs;
  return { signature, sinceMs: nowMs, untilMs: nowMs, restlessSinceMs };
}

/**
 * What is known of all files after another look. `expected` are paths that should be there: they
 * are remembered as absent, others only until their absence is settled.
 */
export function sightAll(
  previous: ReadonlyMap<string, Sighting>,
  seen: ReadonlyMap<string, string>,
  expected: ReadonlySet<string>,
  nowMs: number,
): Map<string, Sighting> {
  const next = new Map<string, Sighting>();
  for (const path of new Set([...seen.keys(), ...previous.keys(), ...expected])) {
    const sighting = sightOne(previous.get(path), seen.get(path) ?? ABSENT, nowMs);
    const isForgotten = sighting.signature === ABSENT && isSettled(sighting);
    if (!isForgotten || expected.has(path)) next.set(path, sighting);
  }
  return next;
}
