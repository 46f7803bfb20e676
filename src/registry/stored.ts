import type { KindName, Kinds } from '../kinds/registered.js';
import { frozenJson } from '../lib/frozen-json.js';
import { orderedJson } from '../model/stable-json.js';
import type { StoredMeta } from '../model/meta.js';
import type { Draft, Stored } from './registry.js';

/** Any object that is stored, for code that treats all kinds alike. */
export type AnyObject = Kinds[KindName];
export type AnyDraft = Draft<KindName>;

/**
 * The frozen form of an object: a copy, so that the caller's own is neither frozen nor shared. What
 * is equal in an earlier form of it is shared with that.
 */
export function toStored(object: AnyObject, previous?: Stored): Stored {
  const copy = frozenJson(object, previous?.object);
  return copy === previous?.object ? previous : { object: copy, json: orderedJson(copy) };
}

/** The frozen form of an object in stable JSON, parsed when it is first looked at. */
export function fromJson(json: string): Stored {
  let object: AnyObject | undefined;
  return {
    json,
    get object() {
      object ??= frozenJson(JSON.parse(json) as AnyObject);
      return object;
    },
  };
}

/** The status of an object or draft, for the kinds that have one. */
export interface StatusPart {
  readonly status?: unknown;
}

export function statusOf(object: AnyObject | AnyDraft): StatusPart {
  return 'status' in object ? { status: object.status } : {};
}

/** An object from the body of one and the metadata and status of others, all of one kind. */
export function assemble(
  body: AnyObject | AnyDraft,
  metadata: StoredMeta,
  status: StatusPart,
): AnyObject {
  const object: unknown = { ...body, status: undefined, ...status, metadata };
  return object as AnyObject;
}
