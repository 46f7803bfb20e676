import type { CreateRequest, Decision } from './decide.js';
import { INITIAL_STATUS } from './initial-status.js';
import { createdMeta } from './metadata.js';
import type { Stamp } from './metadata.js';
import type { ReadModel } from './read-model.js';
import { alreadyExists, nameRequired } from './refusals.js';
import { assemble } from './stored.js';

/** A new object; refused with ALREADY_EXISTS, or INVALID without a name. */
export function decideCreate(
  newest: ReadModel,
  { kind, draft }: Pick<CreateRequest, 'kind' | 'draft'>,
  stamp: Stamp,
): Decision {
  const metadata = createdMeta(kind, draft.metadata, stamp);
  if (!metadata.name) throw nameRequired(kind);
  if (newest.get(kind, metadata.name) !== undefined) throw alreadyExists(kind, metadata.name);
  return { result: 'created', object: assemble(draft, metadata, INITIAL_STATUS[kind]) };
}
