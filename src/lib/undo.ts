type End = () => unknown;

/** What was started, to be ended in the reverse order. */
export class Undo {
  readonly #ends: End[] = [];

  /** Remembers how to end something that was just started. */
  push(end: End): void {
    this.#ends.push(end);
  }

  /** Ends everything, last first, waiting for each; again does nothing. */
  async run(): Promise<void> {
    for (let end = this.#ends.pop(); end !== undefined; end = this.#ends.pop()) await end();
  }
}
