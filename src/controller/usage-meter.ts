import type { Runtime } from '../docker/runtime.js';
import { mapBounded } from '../lib/bounded.js';
import type { Clock } from '../lib/clock.js';
import { isRegistrarError } from '../model/errors.js';
import { usageBetween } from '../model/usage.js';
import type { Usage, UsageSample } from '../model/usage.js';

/** A container from one start to its end. */
export interface Run {
  readonly containerId: string;
  /** RFC 3339. */
  readonly startedAt: string;
}

/** A usage is handed out again for this long. */
const FRESH_MS = 5_000;
/** Stretch of time that a usage is an average of, at least and at most. */
const SHORTEST_MS = 1_000;
const LONGEST_MS = 60_000;
/** Looks of the engine at a time. */
const CONCURRENCY = 8;

interface Known {
  readonly sample: UsageSample;
  /** When it was taken, by the clock that never goes back. */
  readonly takenAt: number;
  readonly usage: Usage | undefined;
}

/**
 * What containers use. The engine only tells what they have used until now, so a usage takes two
 * looks: the earlier one is remembered from the last time, or made a second before.
 */
export class UsageMeter {
  readonly #known = new Map<string, Known>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly runtime: Pick<Runtime, 'stats'>,
    private readonly clock: Clock,
  ) {}

  /** The usage by container id, of those that run. Rejects when the engine is away. */
  of(runs: readonly Run[]): Promise<ReadonlyMap<string, Usage>> {
    // One after the other: who comes while others wait for the same is served from what they got.
    const answer = this.#turn.then(() => this.#measure(runs));
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  async #measure(runs: readonly Run[]): Promise<ReadonlyMap<string, Usage>> {
    this.#forgetOld();
    await this.#look(runs.filter((run) => !this.#isFresh(run)));
    const first = runs.filter((run) => this.#isFirst(run));
    if (first.length > 0) {
      await new Promise<void>((resolve) => this.clock.after(SHORTEST_MS, resolve));
      await this.#look(first);
    }
    const usages = runs.map(
      (run) => [run.containerId, this.#known.get(keyOf(run))?.usage] as const,
    );
    return new Map(usages.filter((pair): pair is [string, Usage] => pair[1] !== undefined));
  }

  async #look(runs: readonly Run[]): Promise<void> {
    const samples = await mapBounded(runs, CONCURRENCY, ({ containerId }) =>
      this.#sample(containerId),
    );
    for (const [index, run] of runs.entries()) this.#note(keyOf(run), samples[index]);
  }

  /** A container that went away meanwhile uses nothing. */
  async #sample(containerId: string): Promise<UsageSample | undefined> {
    try {
      return await this.runtime.stats(containerId);
    } catch (error) {
      if (isRegistrarError(error, 'CONTAINER_GONE')) return undefined;
      throw error;
    }
  }

  #note(key: string, sample: UsageSample | undefined): void {
    const before = this.#known.get(key)?.sample;
    this.#known.delete(key);
    if (sample === undefined) return;
    const usage = before && usageBetween(before, sample);
    this.#known.set(key, { sample, takenAt: this.clock.monotonic(), usage });
  }

  #isFresh(run: Run): boolean {
    const known = this.#known.get(keyOf(run));
    return known?.usage !== undefined && this.clock.monotonic() - known.takenAt < FRESH_MS;
  }

  /** Whether there is one look only. */
  #isFirst(run: Run): boolean {
    const known = this.#known.get(keyOf(run));
    return known !== undefined && known.usage === undefined;
  }

  #forgetOld(): void {
    const now = this.clock.monotonic();
    for (const [key, { takenAt }] of this.#known) {
      if (now - takenAt > LONGEST_MS) this.#known.delete(key);
    }
  }
}

const keyOf = ({ containerId, startedAt }: Run): string => `${containerId} ${startedAt}`;
