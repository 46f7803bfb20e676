import { isJsonObject } from '../lib/merge-patch.js';
import type { JsonObject } from '../lib/merge-patch.js';

/** The metadata that people and programs set; all else in it belongs to the server. */
const OWNED_METADATA = ['labels', 'annotations', 'finalizers', 'ownerReferences'];

/** What of an object somebody can have: all but its identity and what the server sets. */
export function ownedPart(object: object): JsonObject {
  const { apiVersion: _version, kind: _kind, metadata, ...body } = object as JsonObject;
  const owned = isJsonObject(metadata) ? ownedMetadata(metadata) : [];
  return owned.length === 0 ? body : { ...body, metadata: Object.fromEntries(owned) };
}

const ownedMetadata = (metadata: JsonObject): [string, unknown][] =>
  OWNED_METADATA.filter((field) => metadata[field] !== undefined).map((field) => [
    field,
    metadata[field],
  ]);
