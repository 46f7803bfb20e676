import type { TerminalSize } from '../../docker/runtime.js';

/** Gives a terminal the newest size that was asked for, with one call of the engine at a time. */
export class TerminalSizer {
  #next: TerminalSize | undefined;
  #isBusy = false;

  constructor(private readonly resize: (size: TerminalSize) => Promise<void>) {}

  set(size: TerminalSize): void {
    this.#next = size;
    if (!this.#isBusy) void this.#work();
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    for (let size = this.#take(); size !== undefined; size = this.#take()) {
      // The engine refuses for a command without a terminal, or that has ended.
      await this.resize(size).catch(() => undefined);
    }
    this.#isBusy = false;
  }

  #take(): TerminalSize | undefined {
    const next = this.#next;
    this.#next = undefined;
    return next;
  }
}
