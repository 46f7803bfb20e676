export interface PullTimes {
  /** Without progress; the engine itself waits for ever. */
  readonly silenceMs: number;
  readonly totalMs: number;
}

export const PULL_TIMES: PullTimes = { silenceMs: 2 * 60_000, totalMs: 30 * 60_000 };

/** Ends a pull that was cancelled, makes no progress or takes too long. */
export class PullLimits {
  readonly #abort = new AbortController();
  readonly #cancelled: AbortSignal;
  readonly #silence: NodeJS.Timeout;
  readonly #total: NodeJS.Timeout;
  #broken: string | undefined;

  constructor(cancelled: AbortSignal, { silenceMs, totalMs }: PullTimes) {
    this.#cancelled = cancelled;
    this.#silence = setTimeout(
      () => this.#break(`there was no progress for ${silenceMs / 1000} s`),
      silenceMs,
    );
    this.#total = setTimeout(
      () => this.#break(`it was not done after ${totalMs / 1000} s`),
      totalMs,
    );
    cancelled.addEventListener('abort', this.#cancel);
    if (cancelled.aborted) this.#cancel();
  }

  /** Aborts when the pull has to end. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Why it had to end, undefined when it did not. */
  get broken(): string | undefined {
    return this.#broken;
  }

  progressed(): void {
    this.#silence.refresh();
  }

  end(): void {
    clearTimeout(this.#silence);
    clearTimeout(this.#total);
    this.#cancelled.removeEventListener('abort', this.#cancel);
  }

  readonly #cancel = (): void => this.#break('it was cancelled');

  #break(reason: string): void {
    this.#broken ??= reason;
    this.#abort.abort();
  }
}
