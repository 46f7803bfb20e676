import { hash } from 'node:crypto';
import type { NewEvent } from '../model/event.js';
import { stableJson } from '../model/stable-json.js';
import type { Decision, EventRequest } from './decide.js';
import { decideCreate } from './decide-create.js';
import type { Stamp } from './metadata.js';
import type { ReadModel } from './read-model.js';
import type { Draft } from './registry.js';

/** As in Kubernetes; a message from an engine or a container can be of any length. */
const MAX_MESSAGE_CHARACTERS = 1024;

/** Leaves room for the digest in the 253 characters of a Kubernetes name. */
const MAX_NAME_CHARACTERS = 200;

/** The event that there is with its count raised, else a new one. */
export function decideEvent(newest: ReadModel, request: EventRequest, stamp: Stamp): Decision {
  const name = eventName(request.event);
  const current = newest.get('Event', name)?.object;
  if (current === undefined) {
    return decideCreate(newest, { kind: 'Event', draft: firstEvent(request, name, stamp) }, stamp);
  }
  const count = current.count + request.times;
  return { result: 'updated', object: { ...current, count, lastTimestamp: stamp.now } };
}

/** `<object>.<16 hex digits>`: the same for all that is counted as one event. */
export function eventName({ about, type, reason, message }: NewEvent): string {
  const identity = stableJson([about.kind, about.name, about.uid, type, reason, message]);
  const digest = hash('sha256', identity);
  return `${pathSegment(about.name)}.${digest.slice(0, 16)}`;
}

/** What an event is about may be a file: its path would not fit into that of the event. */
function pathSegment(name: string): string {
  return name.replace(/[^A-Za-z0-9.-]+/g, '-').slice(0, MAX_NAME_CHARACTERS);
}

function firstEvent({ event, times }: EventRequest, name: string, stamp: Stamp): Draft<'Event'> {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace: event.about.namespace ?? 'default' },
    involvedObject: event.about,
    type: event.type,
    reason: event.reason,
    message: event.message.slice(0, MAX_MESSAGE_CHARACTERS),
    source: { component: 'registrar' },
    reportingComponent: 'registrar',
    reportingInstance: '',
    eventTime: null,
    firstTimestamp: stamp.now,
    lastTimestamp: stamp.now,
    count: times,
  };
}
