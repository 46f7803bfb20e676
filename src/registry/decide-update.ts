import { KINDS } from '../kinds/registered.js';
import { sameJson } from '../lib/same-json.js';
import type { ManagedFieldsEntry } from '../managed-fields/entry.js';
import { fieldSchemaOf } from '../managed-fields/field-schema.js';
import { trackAnonymous } from '../managed-fields/track-update.js';
import type { ObjectMeta } from '../model/meta.js';
import type { Decision, UpdateRequest } from './decide.js';
import {
  checkFinalizers,
  checkPreconditions,
  isReleased,
  storedMeta,
  updatedMeta,
  withGeneration,
} from './metadata.js';
import type { ReadModel } from './read-model.js';
import { notFound } from './refusals.js';
import { refuseChange } from './relations.js';
import { assemble, statusOf } from './stored.js';
import type { AnyDraft, AnyObject, StatusPart } from './stored.js';

/** A changed object; refused with NOT_FOUND, CONFLICT, INVALID or what the change throws. */
export function decideUpdate(newest: ReadModel, request: UpdateRequest): Decision {
  const { kind, name, change, options } = request;
  const current = newest.get(kind, name)?.object;
  if (current === undefined) throw notFound(kind, name);
  checkPreconditions(current, options);
  const draft = change(current);
  const next =
    options.subresource === 'status' ? withStatus(current, draft) : withDraft(current, draft);
  checkFinalizers(current, next);
  if (options.subresource !== 'status') refuseChange(newest, next, current);
  if (isReleased(next.metadata)) return { result: 'deleted', object: next };
  return { result: sameJson(current, next) ? 'unchanged' : 'updated', object: next };
}

/** The status of a draft, and who has which field of it. */
function withStatus(current: AnyObject, draft: AnyDraft): AnyObject {
  const status = { ...statusOf(current), ...statusOf(draft) };
  const managedFields = entriesOf(current, draft, status);
  const metadata = storedMeta({ ...current.metadata, managedFields });
  return assemble(current, metadata, status);
}

/**
 * The entries of a draft. Registrar's own writes of a status leave those that there are: they are
 * put down to nobody, and whoever wrote a field of it before has it no longer.
 */
function entriesOf(
  current: AnyObject,
  draft: AnyDraft,
  status: StatusPart,
): ObjectMeta['managedFields'] {
  const { managedFields } = draft.metadata;
  const isTracked = managedFields !== current.metadata.managedFields;
  const ofStatus = managedFields?.some(({ subresource }) => subresource === 'status');
  if (isTracked || ofStatus !== true) return managedFields;
  return trackAnonymous({
    ...{ before: current, after: { ...current, ...status } },
    entries: managedFields as object[] as ManagedFieldsEntry[],
    schema: fieldSchemaOf(KINDS[current.kind].schema),
  }).map((entry) => ({ ...entry }));
}

function withDraft(current: AnyObject, draft: AnyDraft): AnyObject {
  const metadata = updatedMeta(current.metadata, draft.metadata);
  return withGeneration(current, assemble(draft, metadata, statusOf(current)));
}
