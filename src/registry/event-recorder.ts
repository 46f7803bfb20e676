import type { Clock } from '../lib/clock.js';
import type { NewEvent } from '../model/event.js';
import { eventName } from './decide-event.js';

/** Repeats within this time share a write. */
const WINDOW_MS = 1000;

/** Different events that are remembered at once; more are written one by one. */
const MAX_RECENT = 1000;

/** Stores that an event happened so many times. */
export type RecordTimes = (event: NewEvent, times: number) => Promise<unknown>;

interface Recent {
  readonly event: NewEvent;
  /** Happened since the last write. */
  repeats: number;
}

/**
 * Writes the first occurrence of an event at once and counts repeats in memory for up to a second,
 * so that a crash loop does not write for each of its turns. A crash of the daemon loses at most
 * the last second of a count, never an event.
 */
export class EventRecorder {
  private readonly recent = new Map<string, Recent>();
  private cancelTimer: (() => void) | undefined;
  private closed = false;

  constructor(
    private readonly clock: Clock,
    private readonly recordTimes: RecordTimes,
  ) {}

  async record(event: NewEvent): Promise<void> {
    const name = eventName(event);
    const known = this.recent.get(name);
    if (known !== undefined) {
      known.repeats += 1;
      return;
    }
    this.remember(name, event);
    await this.write(name, event, 1);
  }

  /** Stores the repeats that are only in memory. */
  async flush(): Promise<void> {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    const repeated = [...this.recent].filter(([, { repeats }]) => repeats > 0);
    this.recent.clear();
    for (const [name, { event }] of repeated) this.remember(name, event);
    await Promise.all(
      repeated.map(([name, { event, repeats }]) => this.write(name, event, repeats)),
    );
  }

  /** Stores what is in memory, and counts nothing there any more. */
  close(): Promise<void> {
    this.closed = true;
    return this.flush();
  }

  private remember(name: string, event: NewEvent): void {
    if (this.closed || this.recent.size >= MAX_RECENT) return;
    this.recent.set(name, { event, repeats: 0 });
    this.cancelTimer ??= this.clock.after(WINDOW_MS, () => this.flushLater());
  }

  // Repeats that the disk refuses are lost to the count; the event itself is stored already.
  private flushLater(): void {
    this.flush().catch(() => undefined);
  }

  private async write(name: string, event: NewEvent, times: number): Promise<void> {
    try {
      await this.recordTimes(event, times);
    } catch (error) {
      this.recent.delete(name);
      throw error;
    }
  }
}
