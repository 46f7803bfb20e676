import type { Decision, UpdateRequest } from './decide.js';
import {
  checkFinalizers,
  checkPreconditions,
  isReleased,
  updatedMeta,
  withGeneration,
} from './metadata.js';
import type { ReadModel } from './read-model.js';
import { notFound } from './refusals.js';
import { assemble, statusOf, toStored } from './stored.js';
import type { AnyDraft, AnyObject } from './stored.js';

/** A changed object; refused with NOT_FOUND, CONFLICT, INVALID or what the change throws. */
export function decideUpdate(newest: ReadModel, request: UpdateRequest): Decision {
  const { kind, name, change, options } = request;
  const stored = newest.get(kind, name);
  if (stored === undefined) throw notFound(kind, name);
  const current = stored.object;
  checkPreconditions(current, options);
  const draft = change(current);
  const next =
    options.subresource === 'status' ? withStatus(current, draft) : withDraft(current, draft);
  checkFinalizers(current, next);
  if (isReleased(next.metadata)) return { result: 'deleted', object: next };
  const same = toStored(next).json === stored.json;
  return { result: same ? 'unchanged' : 'updated', object: next };
}

function withStatus(current: AnyObject, draft: AnyDraft): AnyObject {
  return assemble(current, current.metadata, { ...statusOf(current), ...statusOf(draft) });
}

function withDraft(current: AnyObject, draft: AnyDraft): AnyObject {
  const metadata = updatedMeta(current.metadata, draft.metadata);
  return withGeneration(current, assemble(draft, metadata, statusOf(current)));
}
