import type { Event } from '../model/event.js';
import type { DbEventRow } from './rows.js';

/** The row of an event and its JSON, with the columns that people read. */
export function toEventRow(event: Event, json: string): DbEventRow {
  return {
    name: event.metadata.name,
    resource_version: Number(event.metadata.resourceVersion),
    object_kind: event.involvedObject.kind,
    object_name: event.involvedObject.name,
    type: event.type,
    reason: event.reason,
    message: event.message,
    count: event.count,
    first_timestamp: event.firstTimestamp,
    last_timestamp: event.lastTimestamp,
    object: json,
  };
}

/** The event that a row holds; throws when its object is not JSON. */
export function fromEventRow(row: DbEventRow): Event {
  return JSON.parse(row.object) as Event;
}
