/** What is needed of an answer: the way to close our half of the connection. */
interface Answer {
  readonly socket: { end(): unknown };
}

/** A step is killed at once; this is for what the engine does with its disk afterwards. */
const GRACE_MS = 15_000;

/**
 * Ends a build so that it can still be heard. The engine ends one whose client closes its half of
 * the connection, and goes on to say what it has made until then: without that, an image of a step
 * that was just done would be nobody's. An engine that says nothing more loses the connection.
 */
export class GentleEnd {
  readonly #wanted: AbortSignal;
  readonly #isSent: () => boolean;
  readonly #cut = new AbortController();
  #answer: Answer | undefined;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param wanted aborts when the build has to end
   * @param isSent whether the engine may have all that it needs to begin
   */
  constructor(wanted: AbortSignal, isSent: () => boolean) {
    this.#wanted = wanted;
    this.#isSent = isSent;
    wanted.addEventListener('abort', this.#end);
    if (wanted.aborted) this.#end();
  }

  /** Aborts when the connection has to end. */
  get signal(): AbortSignal {
    return this.#cut.signal;
  }

  /** The engine began to answer, so it has begun to build. */
  begun(answer: Answer): void {
    this.#answer = answer;
    if (this.#wanted.aborted) this.#end();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#wanted.removeEventListener('abort', this.#end);
  }

  readonly #end = (): void => {
    if (this.#answer === undefined && !this.#isSent()) return this.#cut.abort();
    this.#answer?.socket.end();
    this.#timer ??= setTimeout(() => this.#cut.abort(), GRACE_MS);
  };
}
