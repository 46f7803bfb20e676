import { setImmediate as turn } from 'node:timers/promises';

/** How long work goes on before others get their turn. */
const SLICE_MS = 10;

/** Work of many small steps, of which others must not notice how many there are. */
export class Slices {
  #begun = performance.now();

  /** To be awaited between two steps: lets others have their turn when it is time. */
  async next(): Promise<void> {
    if (performance.now() - this.#begun < SLICE_MS) return;
    await turn();
    this.#begun = performance.now();
  }
}
