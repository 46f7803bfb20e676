import type { Clock } from '../lib/clock.js';
import { every } from '../lib/every.js';
import { writeHistoryNote } from './history-note.js';
import type { HistoryNote } from './history-note.js';

/** So much of the newest history can be lost without being noticed. */
const INTERVAL_MS = 10_000;

export interface HistoryKeeperParts {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly current: () => HistoryNote;
}

/** Keeps the note of a store up to date while it is open; what stays the same is not written. */
export class HistoryKeeper {
  readonly #parts: HistoryKeeperParts;
  readonly #end: () => void;
  #noted: string | undefined;

  constructor(parts: HistoryKeeperParts) {
    this.#parts = parts;
    // A disk that refuses is for the writes of the store to tell.
    const note = (): Promise<void> => this.note().catch(() => undefined);
    this.#end = every(INTERVAL_MS, parts.clock, note);
  }

  async note(): Promise<void> {
    const note = this.#parts.current();
    const text = JSON.stringify(note);
    if (text === this.#noted) return;
    await writeHistoryNote(this.#parts.dataDir, note);
    this.#noted = text;
  }

  /** Notes it once more. */
  async close(): Promise<void> {
    this.#end();
    await this.note().catch(() => undefined);
  }
}
