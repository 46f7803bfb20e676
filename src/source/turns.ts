/** Work on the same key takes turns, in the order it came; work on different keys does not wait. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Whether work on a key is done or waits. */
  isTaken(key: string): boolean {
    return this.#last.has(key);
  }

  /**
   * The result of `work`, begun when all earlier work on the key has ended. Rejects with the reason
   * of the signal when that aborts while it waits; then the work is not begun.
   */
  async take<T>(key: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    let end = (): void => undefined;
    const turn = new Promise<void>((resolve) => (end = resolve));
    const mine = before.then(() => turn);
    this.#last.set(key, mine);
    try {
      await (signal === undefined ? before : Promise.race([before, aborted(signal)]));
      return await work();
    } finally {
      end();
      if (this.#last.get(key) === mine) this.#last.delete(key);
    }
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
  });
}
