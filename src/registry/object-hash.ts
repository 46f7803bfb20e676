import { hash as digest } from 'node:crypto';
import { orderedJson } from '../model/stable-json.js';
import type { AnyObject } from './stored.js';

const known = new WeakMap<AnyObject, string>();

/**
 * SHA-256 of what people decide about an object: its stable JSON without status, resourceVersion
 * and managedFields, so that the hash stays while nobody changes it. 64 hexadecimal digits.
 */
export function objectHash(object: AnyObject): string {
  const found = known.get(object);
  if (found !== undefined) return found;
  const hash = digest('sha256', orderedJson({ ...decided(object), status: undefined }));
  known.set(object, hash);
  return hash;
}

/** As objectHash, with the status: for writes of the status. */
export function objectHashWithStatus(object: AnyObject): string {
  return digest('sha256', orderedJson(decided(object)));
}

const decided = (object: AnyObject): object => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: undefined, managedFields: undefined },
});
