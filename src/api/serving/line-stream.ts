import type { ServerResponse } from 'node:http';

/** Characters that may wait for a client that reads too slowly; with more it is cut off. */
export const MAX_WAITING = 256 * 1024;

/**
 * Lines to one client, as fast as it reads. Those pushed before `start` may be any number: they are
 * shared with the read model and the change log. Later ones may not pile up.
 */
export class LineStream {
  readonly #lines: { readonly text: string; readonly weight: number }[] = [];
  /** Weight of the lines that are not handed to the connection yet. */
  #waiting = 0;
  #state: 'new' | 'open' | 'ending' = 'new';

  constructor(private readonly raw: ServerResponse) {}

  push(text: string): void {
    const isTooSlow = this.#waiting + this.raw.writableLength > MAX_WAITING;
    if (isTooSlow && this.#state !== 'new') {
      this.raw.destroy();
      return;
    }
    const weight = this.#state === 'new' ? 0 : text.length;
    this.#lines.push({ text, weight });
    this.#waiting += weight;
    this.#pump();
  }

  start(): void {
    this.#state = 'open';
    this.raw.on('drain', () => this.#pump());
    this.#pump();
  }

  /** Ends the stream after the lines that are in it. */
  end(): void {
    this.#state = 'ending';
    this.#pump();
  }

  #pump(): void {
    if (this.#state === 'new' || this.raw.destroyed || this.raw.writableEnded) return;
    let sent = 0;
    for (const { text, weight } of this.#lines) {
      if (this.raw.writableNeedDrain) break;
      this.raw.write(text);
      this.#waiting -= weight;
      sent += 1;
    }
    this.#lines.splice(0, sent);
    if (this.#state === 'ending' && this.#lines.length === 0) this.raw.end();
  }
}
