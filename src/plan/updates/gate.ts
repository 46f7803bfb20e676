import { timestamp } from '../../lib/clock.js';
import type { GateResult } from '../../model/updates-status.js';

const FIRST_DELAY_MS = 30_000;
const LONGEST_DELAY_MS = 30 * 60_000;
/** What passed counts for so long: a window may close in between, and a daemon be away for a day. */
const FRESH_MS = 10 * 60_000;

/** Whether a candidate may be taken up, as far as its gate is concerned. */
export type GateState =
  | { readonly kind: 'passed' }
  /** It is to be run now, for the first time or again. */
  | { readonly kind: 'due' }
  /** It failed and is run again at a time, in milliseconds since 1970. */
  | { readonly kind: 'failed'; readonly until: number };

/**
 * What is to be done about a gate. What it said for another key (another gate, image or environment)
 * counts for nothing. `now` in milliseconds since 1970.
 */
export function gateState(known: GateResult | undefined, key: string, now: number): GateState {
  if (known === undefined || known.key !== key) return { kind: 'due' };
  const at = Date.parse(known.at);
  // A clock that was set back must not put it off, nor let an old word count for longer.
  if (now < at) return { kind: 'due' };
  if (known.passed) return { kind: now - at < FRESH_MS ? 'passed' : 'due' };
  const until = at + delayMs(known.failures);
  return until <= now ? { kind: 'due' } : { kind: 'failed', until };
}

/** Doubles: a gate may wait for somebody, and its command takes as much as the module may. */
const delayMs = (failures: number): number =>
  Math.min(FIRST_DELAY_MS * 2 ** Math.max(0, failures - 1), LONGEST_DELAY_MS);

/** How a run of a gate ended. */
export interface GateRun {
  readonly passed: boolean;
  readonly message: string;
  readonly log: readonly string[];
}

/** What is remembered of a run that ended at `now`, in milliseconds since 1970. */
export function gateResult(
  known: GateResult | undefined,
  key: string,
  { passed, message, log }: GateRun,
  now: number,
): GateResult {
  const before = known?.key === key ? known.failures : 0;
  const failures = passed ? 0 : before + 1;
  return { key, passed, at: timestamp(now), failures, message, log: [...log] };
}
