import { handOver, settle, withFields } from './entry.js';
import type { Author, ManagedFieldsEntry } from './entry.js';
import { existingFields } from './existing.js';
import type { FieldSchema } from './field-schema.js';
import { difference, isNothing, NOTHING, union } from './field-tree.js';
import { changedFields } from './fields-of.js';
import { ownedPart } from './owned-part.js';

/** A write that is no apply. */
export interface UpdateInput {
  /** The object before the write; undefined for a new one. */
  readonly before: object | undefined;
  /** The whole object after it; what the write is not about is best the same as before. */
  readonly after: object;
  readonly entries: readonly ManagedFieldsEntry[];
  readonly author: Author;
  readonly schema: FieldSchema;
  /** RFC 3339. */
  readonly now: string;
}

/**
 * The entries after a write that is no apply: what it changed belongs to its author and to nobody
 * else, and what is no longer there to nobody.
 */
export function trackUpdate(input: UpdateInput): readonly ManagedFieldsEntry[] {
  const { entries, author, schema, now } = input;
  const after = ownedPart(input.after);
  const changed = changedFields(ownedPart(input.before ?? {}), after, schema);
  const { previous, others } = handOver(entries, author, changed);
  const fields = union(previous?.fieldsV1 ?? NOTHING, changed);
  return settle({ others, author, previous, fields, after, schema, now });
}

/**
 * The entries after a write whose author keeps none, such as Registrar writing a status: whoever
 * had what it changed has it no longer.
 */
export function trackAnonymous({
  before,
  after,
  entries,
  schema,
}: Omit<UpdateInput, 'author' | 'now'>): readonly ManagedFieldsEntry[] {
  const whole = ownedPart(after);
  const changed = changedFields(ownedPart(before ?? {}), whole, schema);
  return entries
    .map((entry) => withFields(entry, difference(entry.fieldsV1, changed)))
    .map((entry) => withFields(entry, existingFields(entry.fieldsV1, whole, schema)))
    .filter(({ fieldsV1 }) => !isNothing(fieldsV1));
}
