import type { Event } from '../../model/event.js';
import { ageOf } from '../../lib/duration.js';
import { NAME } from '../columns.js';
import type { Column } from '../definition.js';

/** `5s`, or `5s (x3 over 10m)` for what happened several times. */
function lastSeen({ count, firstTimestamp, lastTimestamp }: Event, now: number): string {
  const last = ageOf(lastTimestamp, now);
  return count > 1 ? `${last} (x${count} over ${ageOf(firstTimestamp, now)})` : last;
}

export const EVENT_COLUMNS: readonly Column<Event>[] = [
  { name: 'Last Seen', type: 'string', description: 'Time since it last happened', cell: lastSeen },
  {
    name: 'Type',
    type: 'string',
    description: 'Normal, or Warning for what needs attention',
    cell: ({ type }) => type,
  },
  {
    name: 'Reason',
    type: 'string',
    description: 'What happened, in one word',
    cell: ({ reason }) => reason,
  },
  {
    name: 'Object',
    type: 'string',
    description: 'What it happened to',
    cell: ({ involvedObject: { kind, name } }) => `${kind.toLowerCase()}/${name}`,
  },
  {
    name: 'Message',
    type: 'string',
    description: 'What happened, in a sentence',
    cell: ({ message }) => message,
  },
  { ...NAME, wide: true },
];
