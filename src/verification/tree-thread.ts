import { on } from 'node:events';
import { Worker } from 'node:worker_threads';
import { printable } from '../lib/printable.js';
import type { CheckResult } from '../model/verification.js';
import type { TreeJob } from './tree-job.js';
import type { WorkerMessage } from './worker.js';

/** What a thread made of its job. */
export interface ThreadOutcome {
  /** Those that were there in time. */
  readonly results: readonly CheckResult[];
  /** Why others are missing; undefined when none is. */
  readonly reason?: string;
}

/** One thread that checks files, one job at a time. */
export class TreeThread {
  readonly #worker: Worker;
  #usable = true;

  /** Memory is that of the JavaScript heap, in MiB. */
  constructor(entry: string | URL, memoryMiB: number) {
    this.#worker = new Worker(entry, {
      // Nothing of the daemon's surroundings: neither its secrets nor the flags it was started with.
      ...{ env: {}, execArgv: [], argv: [] },
      resourceLimits: { maxOldGenerationSizeMb: memoryMiB },
    });
    // A crash during a job is told by the job.
    this.#worker.on('error', () => undefined).on('exit', () => (this.#usable = false));
    this.#worker.unref();
  }

  /** Whether it can take another job. */
  get usable(): boolean {
    return this.#usable;
  }

  /** Never fails: what goes wrong is the reason. A thread that did not finish is ended. */
  async run(job: TreeJob, timeLimitMs: number, signal: AbortSignal): Promise<ThreadOutcome> {
    const results: CheckResult[] = [];
    const tooLong = AbortSignal.timeout(timeLimitMs);
    this.#worker.ref();
    try {
      const failed = await this.#follow(job, results, AbortSignal.any([signal, tooLong]));
      this.#worker.unref();
      return { results, ...(failed !== undefined && { reason: failed }) };
    } catch (error) {
      // Not waited for: it may be in the middle of something that cannot be ended at once.
      void this.end();
      const reason = tooLong.aborted ? `it took longer than ${timeLimitMs} ms` : wordsOf(error);
      return { results, reason: `The checks broke off: ${reason}` };
    }
  }

  /** Undefined when the job was done, else why it could not be. */
  async #follow(
    job: TreeJob,
    results: CheckResult[],
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const messages = on(this.#worker, 'message', { signal, close: ['exit'] });
    this.#worker.postMessage(job);
    for await (const [message] of messages as AsyncIterable<[WorkerMessage]>) {
      if ('done' in message) return undefined;
      if ('failed' in message) return message.failed;
      results.push(message.result);
    }
    throw new Error('the thread ended');
  }

  /** Ends the thread, whatever it does. */
  async end(): Promise<void> {
    this.#usable = false;
    await this.#worker.terminate();
  }
}

const wordsOf = (error: unknown): string =>
  printable(error instanceof Error ? error.message : String(error));
