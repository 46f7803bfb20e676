import type { Event, ObjectReference } from '../model/event.js';
import type { ReadModel } from './read-model.js';

/** How many events are kept; the ones that happened longest ago go first. */
export interface EventLimits {
  readonly perObject: number;
  readonly total: number;
}

export const DEFAULT_EVENT_LIMITS: EventLimits = { perObject: 50, total: 5000 };

/** The events that have to go before one about `object` is added. */
export function surplusEvents(
  newest: ReadModel,
  object: ObjectReference,
  limits: EventLimits,
): readonly Event[] {
  const all = [...newest.values('Event')].map((stored) => stored.object);
  const same = all.filter((event) => isSameObject(event.involvedObject, object));
  const surplus = new Set(oldest(same, limits.perObject));
  const others = all.filter((event) => !surplus.has(event));
  return [...surplus, ...oldest(others, limits.total)];
}

/** Those that leave room for one more; the read model has the least recently changed first. */
function oldest(events: readonly Event[], limit: number): readonly Event[] {
  return events.slice(0, Math.max(0, events.length + 1 - limit));
}

function isSameObject(a: ObjectReference, b: ObjectReference): boolean {
  return a.kind === b.kind && a.name === b.name && a.uid === b.uid && a.namespace === b.namespace;
}
