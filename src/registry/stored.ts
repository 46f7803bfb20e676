import type { KindName, Kinds } from '../kinds/registered.js';
import type { StoredMeta } from '../model/meta.js';
import { stableJson } from '../model/revision.js';
import type { Draft, Stored } from './registry.js';

/** Any object that is stored, for code that treats all kinds alike. */
export type AnyObject = Kinds[KindName];
export type AnyDraft = Draft<KindName>;

/** The frozen form of an object. It is a copy: the caller's own is neither frozen nor shared. */
export function toStored(object: AnyObject): Stored {
  return fromJson(stableJson(object));
}

/** The frozen form of an object in stable JSON, parsed when it is first looked at. */
export function fromJson(json: string): Stored {
  let object: AnyObject | undefined;
  return {
    json,
    get object() {
      object ??= deepFreeze(JSON.parse(json) as AnyObject);
      return object;
    },
  };
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value) as unknown[]) {
    if (inner !== null && typeof inner === 'object') deepFreeze(inner);
  }
  return Object.freeze(value);
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
