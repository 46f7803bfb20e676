import type { Change } from './registry.js';
import { fromTheFuture, notAVersion, tooOld } from './refusals.js';

/** Also bounds the log when objects are large: 5,000 changes of 12 KiB come to it. */
const MAX_LOG_CHARACTERS = 64 * 1024 * 1024;

/** The log grows this much over its limit before it is cut, so that not every write cuts it. */
const SLACK = 0.1;

/**
 * The latest changes of all kinds, in memory as in the table `changes`. resourceVersions in it have
 * no gaps, because each stored change takes the next one and is logged in the same transaction.
 */
export class ChangeLog {
  private readonly changes: Change[];
  private characters: number;

  /**
   * @param newest the highest resourceVersion given out
   * @param changes the latest ones; a list that does not end at `newest`, such as one that was
   * edited by hand, is not used
   */
  constructor(
    private readonly limit: number,
    private newest: number,
    changes: readonly Change[],
  ) {
    this.changes = isHistoryOf(newest, changes) ? [...changes] : [];
    this.characters = sum(this.changes);
  }

  get length(): number {
    return this.changes.length;
  }

  /** The highest resourceVersion given out. */
  get counter(): number {
    return this.newest;
  }

  append(change: Change): void {
    this.changes.push(change);
    this.characters += change.stored.json.length;
    this.newest = Number(change.resourceVersion);
  }

  /** Up to which resourceVersion the log should be cut now; undefined when it is small enough. */
  cut(): number | undefined {
    const full = this.changes.length > this.limit * (1 + SLACK);
    if (!full && this.characters <= MAX_LOG_CHARACTERS) return undefined;
    let surplus = Math.max(0, this.changes.length - this.limit);
    let rest = this.characters - sum(this.changes.slice(0, surplus));
    while (rest > MAX_LOG_CHARACTERS * (1 - SLACK)) {
      rest -= sum(this.changes.slice(surplus, surplus + 1));
      surplus += 1;
    }
    return this.oldest + surplus;
  }

  /** Forgets the changes up to a resourceVersion. */
  drop(upTo: number): void {
    const gone = this.changes.splice(0, upTo - this.oldest);
    this.characters -= sum(gone);
  }

  /** The changes after `since`. Throws EXPIRED when the log does not go back, or on, that far. */
  after(since: string): readonly Change[] {
    if (!/^\d{1,15}$/.test(since)) throw notAVersion(since);
    const version = Number(since);
    if (version > this.newest) throw fromTheFuture(since, this.newest);
    if (version < this.oldest) throw tooOld(since, this.oldest);
    return this.changes.slice(version - this.oldest);
  }

  /** The earliest resourceVersion that a watch can resume from. */
  private get oldest(): number {
    return this.newest - this.changes.length;
  }
}

function isHistoryOf(newest: number, changes: readonly Change[]): boolean {
  const first = newest - changes.length + 1;
  return changes.every(({ resourceVersion }, i) => resourceVersion === String(first + i));
}

function sum(changes: readonly Change[]): number {
  return changes.reduce((total, { stored }) => total + stored.json.length, 0);
}
