import type { CheckResult } from '../model/verification.js';
import { notVerified } from './run-check.js';
import type { Setting } from './run-check.js';
import { settingsOfJob } from './tree-job.js';
import type { TreeJob } from './tree-job.js';
import { TreeThread } from './tree-thread.js';
import type { ThreadOutcome } from './tree-thread.js';

export interface OffThreadOptions {
  /** Threads at most; each stays for the next job. */
  readonly threads: number;
  /** For all checks of one job together, without the time it waits for a thread. */
  readonly timeLimitMs: number;
  /** JavaScript heap of a thread. */
  readonly memoryMiB: number;
  /** The compiled worker.js; the one beside this file when undefined. */
  readonly entry?: string | URL;
}

/** A source of 2,000 files takes about a second, some three for the first one of a thread. */
const DEFAULTS: OffThreadOptions = { threads: 2, timeLimitMs: 120_000, memoryMiB: 512 };

/**
 * Runs the checks over files on threads of their own: whatever a source does to them, the loop and
 * the API go on meanwhile. Threads start with the first job.
 */
export class TreeVerifier {
  readonly #options: OffThreadOptions;
  readonly #idle: TreeThread[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #all = new Set<TreeThread>();
  #busy = 0;

  constructor(options: Partial<OffThreadOptions> = {}) {
    this.#options = { ...DEFAULTS, ...options };
  }

  /**
   * The result of each check over files, in the order of the table. What could not be looked at in
   * time, or at all, is not verified. Throws POLICY_UNUSABLE, and the reason of the signal when it
   * is called off.
   */
  async verify(job: TreeJob, signal: AbortSignal): Promise<CheckResult[]> {
    const settings = settingsOfJob(job);
    await this.#turn(signal);
    try {
      signal.throwIfAborted();
      const outcome = await this.#run(job, signal);
      signal.throwIfAborted();
      return completed(settings, outcome);
    } finally {
      this.#busy -= 1;
      this.#next();
    }
  }

  /** Ends all threads; jobs that run end as not verified. */
  async stop(): Promise<void> {
    this.#idle.length = 0;
    await Promise.all([...this.#all].map((thread) => thread.end()));
  }

  async #turn(signal: AbortSignal): Promise<void> {
    while (this.#busy >= this.#options.threads && !signal.aborted) {
      const { promise, wake } = wakeable();
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
      await promise;
      this.#waiting.delete(wake);
    }
    // Whoever is called off lets another one have the turn that was meant for it.
    if (signal.aborted) this.#next();
    signal.throwIfAborted();
    this.#busy += 1;
  }

  #next(): void {
    for (const wake of this.#waiting) {
      this.#waiting.delete(wake);
      return wake();
    }
  }

  async #run(job: TreeJob, signal: AbortSignal): Promise<ThreadOutcome> {
    const thread = this.#thread();
    const outcome = await thread.run(job, this.#options.timeLimitMs, signal);
    if (thread.usable) this.#idle.push(thread);
    else this.#all.delete(thread);
    return outcome;
  }

  #thread(): TreeThread {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (idle.usable) return idle;
      this.#all.delete(idle);
    }
    const { entry = new URL('worker.js', import.meta.url), memoryMiB } = this.#options;
    const thread = new TreeThread(entry, memoryMiB);
    this.#all.add(thread);
    return thread;
  }
}

function wakeable(): { promise: Promise<void>; wake: () => void } {
  let wake = (): void => undefined;
  const promise = new Promise<void>((resolve) => (wake = resolve));
  return { promise, wake };
}

/** A result for each check: one that is missing was not verified. */
function completed(settings: readonly Setting[], outcome: ThreadOutcome): CheckResult[] {
  const there = new Map(outcome.results.map((result) => [result.check, result]));
  const reason = outcome.reason ?? 'The checks broke off';
  return settings.map((setting) => there.get(setting.check.id) ?? notVerified(setting, reason));
}
