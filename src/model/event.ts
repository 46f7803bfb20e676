import type { ObjectKey } from './kinds.js';
import type { StoredMeta } from './meta.js';
import { API_VERSION } from './names.js';

/** Refers to the object that an event is about. */
export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly namespace?: string;
}

/** The reference to an object that is declared, which need not exist any more. */
export function referenceTo({ kind, name }: ObjectKey, uid: string): ObjectReference {
  return { apiVersion: API_VERSION, kind, name, uid };
}

/** The reference to a module. */
export function moduleReference(name: string, uid: string): ObjectReference {
  return referenceTo({ kind: 'Module', name }, uid);
}

/** A core/v1 Event, always in namespace `default`. Times are RFC 3339. */
export interface Event {
  readonly apiVersion: 'v1';
  readonly kind: 'Event';
  readonly metadata: StoredMeta;
  readonly involvedObject: ObjectReference;
  readonly type: 'Normal' | 'Warning';
  /** CamelCase, for machines. */
  readonly reason: string;
  /** Past tense, one line, with the value: `Started container echo-0`. */
  readonly message: string;
  readonly source: { readonly component: string };
  readonly reportingComponent?: string;
  readonly reportingInstance?: string;
  /** Set by recorders that do not count. */
  readonly eventTime?: string | null;
  readonly firstTimestamp: string;
  readonly lastTimestamp: string;
  readonly count: number;
}

/** Something that happened, before the registry numbers, times and aggregates it. */
export interface NewEvent {
  readonly about: ObjectReference;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}
