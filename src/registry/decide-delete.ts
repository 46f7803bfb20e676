import type { Decision, DeleteRequest } from './decide.js';
import { checkPreconditions, deletingMeta } from './metadata.js';
import type { Stamp } from './metadata.js';
import type { ReadModel } from './read-model.js';
import { notFound } from './refusals.js';

/** A removal, or its start while finalizers hold the object; refused with NOT_FOUND or CONFLICT. */
export function decideDelete(
  newest: ReadModel,
  { kind, name, options }: DeleteRequest,
  stamp: Stamp,
): Decision {
  const object = newest.get(kind, name)?.object;
  if (object === undefined) throw notFound(kind, name);
  checkPreconditions(object, options);
  const { metadata } = object;
  if (metadata.finalizers === undefined) return { result: 'deleted', object };
  if (metadata.deletionTimestamp !== undefined) return { result: 'unchanged', object };
  return { result: 'updated', object: { ...object, metadata: deletingMeta(metadata, stamp.now) } };
}
