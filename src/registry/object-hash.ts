import { createHash } from 'node:crypto';
import { stableJson } from '../model/revision.js';
import { statusOf } from './stored.js';
import type { AnyObject } from './stored.js';

const known = new WeakMap<AnyObject, string>();

/**
 * SHA-256 of what people decide about an object: its stable JSON without status, resourceVersion
 * and managedFields, so that the hash stays while nobody changes it. 64 hexadecimal digits.
 */
export function objectHash(object: AnyObject): string {
  const hash = known.get(object) ?? hashOf({ ...object, status: undefined }, object);
  known.set(object, hash);
  return hash;
}

/** As objectHash, with the status: for writes of the status. */
export function objectHashWithStatus(object: AnyObject): string {
  return hashOf({ ...object, ...statusOf(object) }, object);
}

function hashOf(body: object, { metadata }: AnyObject): string {
  const decided = { ...metadata, resourceVersion: undefined, managedFields: undefined };
  const text = stableJson({ ...body, metadata: decided });
  return createHash('sha256').update(text).digest('hex');
}
