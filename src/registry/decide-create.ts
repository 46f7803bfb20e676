import { KINDS } from '../kinds/registered.js';
import type { KindName } from '../kinds/registered.js';
import type { CreateRequest, Decision } from './decide.js';
import { createdMeta } from './metadata.js';
import type { Stamp } from './metadata.js';
import type { ReadModel } from './read-model.js';
import { alreadyExists, nameRequired } from './refusals.js';
import { refuseChange } from './relations.js';
import { assemble, statusOf } from './stored.js';
import type { AnyDraft, StatusPart } from './stored.js';

/** The status that objects of a kind begin with, else the one that a draft brings. */
function firstStatus(kind: KindName, draft: AnyDraft): StatusPart {
  const { initialStatus: status } = KINDS[kind];
  return status === undefined ? statusOf(draft) : { status };
}

/** A new object; refused with ALREADY_EXISTS, or INVALID without a name. */
export function decideCreate(
  newest: ReadModel,
  { kind, draft }: Pick<CreateRequest, 'kind' | 'draft'>,
  stamp: Stamp,
): Decision {
  const metadata = createdMeta(kind, draft.metadata, stamp);
  if (!metadata.name) throw nameRequired(kind);
  if (newest.get(kind, metadata.name) !== undefined) throw alreadyExists(kind, metadata.name);
  const object = assemble(draft, metadata, firstStatus(kind, draft));
  refuseChange(newest, object, undefined);
  return { result: 'created', object };
}
