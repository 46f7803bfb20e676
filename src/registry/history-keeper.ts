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
  readonly #end: () => Promise<void>;
  #noted: string | undefined;
  /** The write that goes on, if any: the next waits for it. */
  #writing: Promise<void> = Promise.resolve();

  constructor(parts: HistoryKeeperParts) {
    this.#parts = parts;
    this.#end = every(INTERVAL_MS, parts.clock, () => this.note());
  }

  /** Never rejects: a disk that refuses is for the writes of the store to tell. */
  note(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write()).catch(() => undefined);
    return this.#writing;
  }

  async #write(): Promise<void> {
    const note = this.#parts.current();
    const text = JSON.stringify(note);
    if (text === this.#noted) return;
    await writeHistoryNote(this.#parts.dataDir, note);
    this.#noted = text;
  }

  /** Notes it once more. */
  async close(): Promise<void> {
    await this.#end();
    await this.note();
  }
}
