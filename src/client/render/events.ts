import type { Event } from '../../model/event.js';
import { ageOf } from './modules.js';

export const EVENT_HEADER = ['LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE'];

/** `5s`, or `5s (x3 over 10m)` for what happened several times. */
function lastSeen({ count, firstTimestamp, lastTimestamp }: Event, now: number): string {
  const last = ageOf(lastTimestamp, now);
  return count > 1 ? `${last} (x${count} over ${ageOf(firstTimestamp, now)})` : last;
}

/** Cells of one event; `now` in milliseconds since 1970. */
export function eventRow(event: Event, now: number): string[] {
  const { kind, name } = event.involvedObject;
  const object = `${kind.toLowerCase()}/${name}`;
  return [lastSeen(event, now), event.type, event.reason, object, event.message];
}

const lastSeenMs = (event: Event): number => Date.parse(event.lastTimestamp);

/** Oldest first, by the last time each happened; times are whole seconds, versions tell the rest. */
export function sortEvents(events: readonly Event[]): Event[] {
  return events.toSorted(
    (a, b) =>
      lastSeenMs(a) - lastSeenMs(b) ||
      Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion),
  );
}
