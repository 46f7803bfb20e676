/** So many may go on at once; others wait for their turn, in order. */
export class Semaphore {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(permits: number) {
    this.#free = permits;
  }

  /** Holds a permit while `work` goes on. */
  async use<T>(work: () => Promise<T>): Promise<T> {
    await this.#acquire();
    try {
      return await work();
    } finally {
      this.#release();
    }
  }

  /**
   * For one that holds a permit: what it is given to wait for goes on without it. Of several at the
   * same time the first gives the permit back and the last takes one again.
   */
  lending(): <T>(work: () => Promise<T>) => Promise<T> {
    let lent = 0;
    return async (work) => {
      if (lent++ === 0) this.#release();
      try {
        return await work();
      } finally {
        if (--lent === 0) await this.#acquire();
      }
    };
  }

  #acquire(): Promise<void> {
    if (this.#free === 0) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#free -= 1;
    return Promise.resolve();
  }

  #release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}
