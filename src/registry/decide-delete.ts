import type { Decision, DeleteRequest } from './decide.js';
import { checkPreconditions, deletingMeta } from './metadata.js';
import type { Stamp } from './metadata.js';
import type { ReadModel } from './read-model.js';
import { notFound } from './refusals.js';
import { refuseDeletion } from './relations.js';

/**
 * A removal, or its start while finalizers hold the object; refused with NOT_FOUND, CONFLICT, or what
 * the kind says of an object that others need.
 */
export function decideDelete(
  newest: ReadModel,
  { kind, name, options }: DeleteRequest,
  stamp: Stamp,
): Decision {
  const object = newest.get(kind, name)?.object;
  if (object === undefined) throw notFound(kind, name);
  checkPreconditions(object, options);
  const { metadata } = object;
  const isGoing = metadata.deletionTimestamp !== undefined;
  if (!isGoing && options.evenIfNeeded !== true) refuseDeletion(newest, object);
  if (metadata.finalizers === undefined) return { result: 'deleted', object };
  if (isGoing) return { result: 'unchanged', object };
  return { result: 'updated', object: { ...object, metadata: deletingMeta(metadata, stamp.now) } };
}
