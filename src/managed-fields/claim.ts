import { handOver, settle } from './entry.js';
import type { ManagedFieldsEntry } from './entry.js';
import { changedFields, fieldsOf } from './fields-of.js';
import { ownedPart } from './owned-part.js';
import type { UpdateInput } from './track-update.js';

/**
 * The entries after a write by which its author says all that there is to say of an object: the
 * whole declaration is the author's, and what it changed is nobody else's.
 */
export function claim(
  declaration: object,
  { before, after, entries, author, schema, now }: UpdateInput,
): readonly ManagedFieldsEntry[] {
  const whole = ownedPart(after);
  const changed = changedFields(ownedPart(before ?? {}), whole, schema);
  const { previous, others } = handOver(entries, author, changed);
  const fields = fieldsOf(ownedPart(declaration), schema);
  return settle({ others, author, previous, fields, after: whole, schema, now });
}
