import type { Observer } from '../controller/observer.js';
import type { Clock } from '../lib/clock.js';

/** Told which modules to look at again. */
export type Changed = (modules: Iterable<string> | 'all') => void;

/** kubelet relists every second; a list here is cheap but not free, and events carry the news. */
const REFRESH_MS = 30_000;
const PING_MS = 8_000;
const AWAY_RETRY_MS = 2_000;

/**
 * Keeps an observer fresh until the signal aborts: events as hints, a list every 30 s (±10 %)
 * whatever they say, a ping between, and a list every 2 s while the engine is away. Calls
 * `changed` with the modules to look at.
 */
export async function keepFresh(
  observer: Observer,
  clock: Clock,
  signal: AbortSignal,
  changed: Changed,
): Promise<void> {
  await Promise.all([
    followEvents(observer, clock, signal, changed),
    followTime(observer, clock, signal, changed),
  ]);
}

async function followEvents(
  observer: Observer,
  clock: Clock,
  signal: AbortSignal,
  changed: Changed,
): Promise<void> {
  const hints = new EventHints(observer, clock, changed);
  for await (const event of observer.events(signal)) {
    if (event.kind === 'container') hints.add(event.id);
    else {
      observer.missed();
      changed(await observer.refresh(true));
    }
  }
}

async function followTime(
  observer: Observer,
  clock: Clock,
  signal: AbortSignal,
  changed: Changed,
): Promise<void> {
  let refreshed = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    const away = observer.engine.kind === 'away';
    if (away || clock.monotonic() - refreshed >= REFRESH_MS) {
      await observer.refresh();
      refreshed = clock.monotonic();
      // The resync: everything, whatever changed. A module that is as it should be costs nothing.
      if (!away) changed('all');
    } else await observer.ping();
    await pause(observer.engine.kind === 'away' ? AWAY_RETRY_MS : PING_MS, clock, signal);
  }
}

/** Events of one container come in bursts (kill, die, stop, destroy): one look for all of them. */
const BURST_MS = 15;

class EventHints {
  readonly #observer: Observer;
  readonly #clock: Clock;
  readonly #changed: Changed;
  readonly #pending = new Set<string>();

  constructor(observer: Observer, clock: Clock, changed: Changed) {
    this.#observer = observer;
    this.#clock = clock;
    this.#changed = changed;
  }

  add(id: string): void {
    if (this.#pending.has(id)) return;
    this.#pending.add(id);
    this.#clock.after(BURST_MS, () => {
      this.#pending.delete(id);
      this.#observer.touch(id).then(
        (changedModule) => changedModule !== undefined && this.#changed([changedModule]),
        (error: unknown) => this.#observer.callFailed(error),
      );
    });
  }
}

function pause(delayMs: number, clock: Clock, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.after(delayMs, end);
    signal.addEventListener('abort', end);
  });
}
