/** How long a work of the engine may take that goes on for as long as it takes. */
export interface WorkTimes {
  /** Without progress; the engine itself waits for ever. */
  readonly silenceMs: number;
  readonly totalMs: number;
}

/** Why work was ended: somebody asked for it, it went beyond what it may, or there is no room. */
export interface Ended {
  readonly kind: 'cancelled' | 'limit' | 'diskFull';
  /** Completes "…: ". */
  readonly reason: string;
}

/** Ends work that was cancelled, makes no progress or takes too long. */
export class WorkLimits {
  readonly #abort = new AbortController();
  readonly #cancelled: AbortSignal;
  readonly #silence: NodeJS.Timeout;
  readonly #total: NodeJS.Timeout;
  #ended: Ended | undefined;

  constructor(cancelled: AbortSignal, { silenceMs, totalMs }: WorkTimes) {
    this.#cancelled = cancelled;
    this.#silence = setTimeout(
      () => this.end({ kind: 'limit', reason: `there was no progress for ${silenceMs / 1000} s` }),
      silenceMs,
    );
    this.#total = setTimeout(
      () => this.end({ kind: 'limit', reason: `it was not done after ${totalMs / 1000} s` }),
      totalMs,
    );
    cancelled.addEventListener('abort', this.#cancel);
    if (cancelled.aborted) this.#cancel();
  }

  /** Aborts when the work has to end. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Why it had to end, undefined when it did not. */
  get ended(): Ended | undefined {
    return this.#ended;
  }

  progressed(): void {
    this.#silence.refresh();
  }

  /** Ends the work; the first reason counts. */
  end(ended: Ended): void {
    this.#ended ??= ended;
    this.#abort.abort();
  }

  /** Stops watching, once the work is done. */
  close(): void {
    clearTimeout(this.#silence);
    clearTimeout(this.#total);
    this.#cancelled.removeEventListener('abort', this.#cancel);
  }

  readonly #cancel = (): void => this.end({ kind: 'cancelled', reason: 'it was cancelled' });
}
