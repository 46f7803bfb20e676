import type { Clock } from '../lib/clock.js';
import { ERROR_CODES, toRegistrarError } from '../model/errors.js';
import type { RegistrarError } from '../model/errors.js';
import { retryDelayMs } from './backoff.js';

/** What is known of slow work: it goes on, or how it ended. */
export type Job<T> =
  | { readonly state: 'running'; readonly progress: string }
  | { readonly state: 'done'; readonly result: T }
  | { readonly state: 'failed'; readonly error: RegistrarError };

/** Slow work; it ends soon after the signal aborts. */
export type Work<T> = (onProgress: (text: string) => void, signal: AbortSignal) => Promise<T>;

/** Which work a module wants. */
export interface Order {
  /** Another key is other work: that of the key before is ended. */
  readonly key: string;
  /** What else may be why it fails: when that changes, work that failed is tried again at once. */
  readonly occasion: string;
}

interface Task<T> extends Order {
  readonly abort: AbortController;
  /** How often it failed before, on this occasion. */
  readonly failures: number;
  job: Job<T>;
  /** Whether somebody heard how it ended. */
  isTold: boolean;
  /** When it may be tried again, on the monotonic clock. */
  retryAt: number;
}

/**
 * Slow work of one sort, one a module, apart from the reconcile loop so that what is stuck delays
 * nobody else. More than `atOnce` wait their turn, first come, first served. `finished` is called
 * with the module when its work ended. Passes come whenever something changes: how often work that
 * fails is tried again is decided here.
 */
export class Jobs<T> {
  readonly #tasks = new Map<string, Task<T>>();
  /** Each begins work that waits for its turn. */
  readonly #waiting = new Set<() => void>();
  readonly #under = new Set<Promise<unknown>>();
  #running = 0;
  #isClosed = false;

  constructor(
    private readonly atOnce: number,
    private readonly clock: Pick<Clock, 'monotonic'>,
    private readonly finished: (module: string) => void,
  ) {}

  /**
   * The module's work of that key: begun now if there is none, in place of that of another key. What
   * it came to is told once; a failure until it is time to try again, and one that only the user can
   * help with until there is another occasion.
   */
  run(module: string, order: Order, work: Work<T>): Job<T> {
    const task = this.#tasks.get(module);
    if (task?.key !== order.key || this.#isDueAgain(task, order)) {
      this.cancel(module);
      const isRetry = task?.key === order.key && task.occasion === order.occasion;
      return this.#begin(module, order, isRetry ? task.failures + 1 : 0, work).job;
    }
    if (task.job.state === 'done') this.#tasks.delete(module);
    task.isTold = task.job.state !== 'running';
    return task.job;
  }

  /** Whether the module has work whose result nobody took yet, or that failed. */
  has(module: string): boolean {
    return this.#tasks.has(module);
  }

  /** Ends the module's work, if it has any: it was deleted or wants something else. */
  cancel(module: string): void {
    this.#tasks.get(module)?.abort.abort();
    this.#tasks.delete(module);
  }

  /** Cancels all of it, and what is still asked for; resolves when nothing goes on any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const module of [...this.#tasks.keys()]) this.cancel(module);
    await Promise.all(this.#under);
  }

  #isDueAgain({ job, isTold, occasion, retryAt }: Task<T>, order: Order): boolean {
    if (job.state !== 'failed' || !isTold) return false;
    return occasion !== order.occasion || this.clock.monotonic() >= retryAt;
  }

  #begin(module: string, order: Order, failures: number, work: Work<T>): Task<T> {
    const job: Job<T> = { state: 'running', progress: 'waiting for its turn' };
    const abort = new AbortController();
    const task: Task<T> = { ...order, abort, failures, job, isTold: false, retryAt: 0 };
    this.#tasks.set(module, task);
    if (this.#isClosed) abort.abort();
    const run = this.#run(task, work).then((end) => {
      task.job = end;
      this.#under.delete(run);
      if (end.state === 'failed') task.retryAt = this.#retryAt(end.error, failures);
      if (this.#tasks.get(module) === task) this.finished(module);
    });
    this.#under.add(run);
    return task;
  }

  /** In the middle of what the queue waits after so many failures. */
  #retryAt({ code }: RegistrarError, failures: number): number {
    if (ERROR_CODES[code].retry === 'stalled') return Number.POSITIVE_INFINITY;
    return this.clock.monotonic() + retryDelayMs(failures, 0.5);
  }

  async #run(task: Task<T>, work: Work<T>): Promise<Job<T>> {
    const { signal } = task.abort;
    const onProgress = (progress: string): void => void (task.job = { state: 'running', progress });
    try {
      await this.#turn(signal);
      return { state: 'done', result: await this.#inTurn(() => work(onProgress, signal), signal) };
    } catch (error) {
      return { state: 'failed', error: toRegistrarError(error) };
    }
  }

  async #inTurn(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      this.#passOn();
    }
  }

  /** Rejects when it is called off before its turn came. */
  async #turn(signal: AbortSignal): Promise<void> {
    if (this.#running < this.atOnce) {
      this.#running += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      this.#waiting.add(resolve);
      const leave = (): void => {
        if (this.#waiting.delete(resolve)) reject(signal.reason as Error);
      };
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  /** The turn goes to the one that waits longest; nobody can come in between. */
  #passOn(): void {
    const [begin] = this.#waiting;
    if (begin === undefined) this.#running -= 1;
    else {
      this.#waiting.delete(begin);
      begin();
    }
  }
}
