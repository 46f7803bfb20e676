import { isJsonObject } from '../lib/merge-patch.js';
import type { JsonObject } from '../lib/merge-patch.js';

/** The metadata that people and programs set; all else in it belongs to the server. */
const OWNED_METADATA = ['labels', 'annotations', 'finalizers', 'ownerReferences'];

/** What of an object somebody can have: all but its identity and what the server sets. */
export function ownedPart(object: object): JsonObject {
  const { apiVersion: _version, kind: _kind, metadata, ...body } = object as JsonObject;
  return isJsonObject(metadata) ? { ...body, metadata: ownedMetadata(metadata) } : body;
}

function ownedMetadata(metadata: JsonObject): JsonObject {
  const owned = OWNED_METADATA.filter((field) => metadata[field] !== undefined);
  return Object.fromEntries(owned.map((field) => [field, metadata[field]]));
}
