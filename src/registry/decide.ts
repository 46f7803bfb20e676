import type { NewEvent } from '../model/event.js';
import type { KindName } from '../kinds/registered.js';
import { decideCreate } from './decide-create.js';
import { decideDelete } from './decide-delete.js';
import { decideEvent } from './decide-event.js';
import { decideUpdate } from './decide-update.js';
import type { Stamp } from './metadata.js';
import type { ReadModel } from './read-model.js';
import type { UpdateOptions, WriteOptions, Written } from './registry.js';
import type { AnyDraft, AnyObject } from './stored.js';

export interface CreateRequest {
  readonly verb: 'create';
  readonly kind: KindName;
  readonly draft: AnyDraft;
  readonly options: WriteOptions;
}

export interface UpdateRequest {
  readonly verb: 'update';
  readonly kind: KindName;
  readonly name: string;
  readonly change: (current: AnyObject) => AnyDraft;
  readonly options: UpdateOptions;
}

export interface DeleteRequest {
  readonly verb: 'delete';
  readonly kind: KindName;
  readonly name: string;
  readonly options: WriteOptions;
}

export interface EventRequest {
  readonly verb: 'record';
  readonly event: NewEvent;
  /** How often it happened. */
  readonly times: number;
  readonly options: WriteOptions;
}

export type WriteRequest = CreateRequest | UpdateRequest | DeleteRequest | EventRequest;

/** What a write comes to, before it has a resourceVersion. */
export interface Decision {
  readonly result: Written['result'];
  /** After the write, with the resourceVersion from before it. */
  readonly object: AnyObject;
}

/** What a write comes to on the newest state; throws the refusal. Pure. */
export function decide(newest: ReadModel, request: WriteRequest, stamp: Stamp): Decision {
  switch (request.verb) {
    case 'create':
      return decideCreate(newest, request, stamp);
    case 'update':
      return decideUpdate(newest, request);
    case 'delete':
      return decideDelete(newest, request, stamp);
    case 'record':
      return decideEvent(newest, request, stamp);
  }
}
