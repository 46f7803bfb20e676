import type { Clock } from '../../lib/clock.js';
import type { ObservedContainer } from '../../model/container.js';
import type { ProgressCheck } from '../../model/module.js';
import { describeStuck } from './describe.js';
import type { Eye, OpenEye } from './eye.js';
import { beginning, judge } from './judge.js';
import type { Progress, Terms } from './judge.js';

/** Looks within the longest time without progress, so that the verdict comes a fifth late at most. */
const LOOKS = 5;
const SHORTEST_INTERVAL_MS = 1_000;
const LONGEST_INTERVAL_MS = 30_000;

/** What one look may take at most: of an engine that is slow and has to be asked more than once. */
const LONGEST_LOOK_MS = 30_000;

/** A container, and what it is watched for. */
export interface Subject {
  readonly container: ObservedContainer;
  readonly check: ProgressCheck;
  /** Time after its start in which it may stand still. */
  readonly startPeriodSeconds: number;
}

export interface WatchParts {
  readonly clock: Clock;
  readonly open: OpenEye;
  /** Called with the module of a container that got stuck or moves again. */
  readonly changed: (module: string) => void;
}

/** The watch over one run of one container; looks until it is ended. */
export class RunWatch {
  /** Differs from that of another run, and of this one under another check. */
  readonly key: string;
  readonly #subject: Subject;
  readonly #parts: WatchParts;
  readonly #terms: Terms;
  readonly #intervalMs: number;
  readonly #eye: Eye;
  #progress: Progress;
  #stuck: string | undefined;
  #hasEnded = false;
  #cancel: () => void;

  constructor(subject: Subject, parts: WatchParts) {
    const withinMs = subject.check.withinSeconds * 1000;
    this.key = keyOf(subject);
    this.#subject = subject;
    this.#parts = parts;
    this.#intervalMs = intervalOf(withinMs);
    const longestGapMs = this.#intervalMs + LONGEST_LOOK_MS;
    this.#terms = { withinMs, longestGapMs, notBefore: notBefore(subject, parts.clock) };
    this.#progress = beginning(parts.clock.monotonic(), this.#terms);
    this.#eye = parts.open(subject.container, subject.check);
    this.#cancel = this.#lookAfter(0);
  }

  /** What did not move and since when; undefined while it moves. */
  get stuck(): string | undefined {
    return this.#stuck;
  }

  end(): void {
    this.#hasEnded = true;
    this.#cancel();
    this.#eye.close();
  }

  #lookAfter(delayMs: number): () => void {
    return this.#parts.clock.after(delayMs, () => void this.#look());
  }

  async #look(): Promise<void> {
    const sample = await this.#eye.look();
    if (this.#hasEnded) return;
    const { clock, changed } = this.#parts;
    const wasStuck = this.#progress.isStuck;
    this.#progress = judge(this.#progress, sample, clock.monotonic(), this.#terms);
    const { isStuck } = this.#progress;
    if (!isStuck) this.#stuck = undefined;
    // Said once, so that the message does not change while nothing else does.
    else this.#stuck ??= this.#describe();
    if (isStuck !== wasStuck) changed(this.#subject.container.owner.module);
    this.#cancel = this.#lookAfter(this.#intervalMs);
  }

  #describe(): string {
    const { clock } = this.#parts;
    const { movedAt, detail } = this.#progress;
    const since = clock.now() - (clock.monotonic() - movedAt);
    return describeStuck(this.#subject.check, since, detail);
  }
}

export function keyOf({ container, check, startPeriodSeconds }: Subject): string {
  return JSON.stringify([check, startPeriodSeconds, container.address, container.startedAt]);
}

/** The engine's clock may be ahead. */
function notBefore({ container, startPeriodSeconds }: Subject, clock: Clock): number {
  const age = Math.max(0, clock.now() - Date.parse(container.startedAt ?? '') || 0);
  return clock.monotonic() - age + startPeriodSeconds * 1000;
}

const intervalOf = (withinMs: number): number =>
  Math.min(Math.max(withinMs / LOOKS, SHORTEST_INTERVAL_MS), LONGEST_INTERVAL_MS);
