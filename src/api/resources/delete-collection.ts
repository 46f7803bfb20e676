import type { Writer } from '../../kinds/definition.js';
import { isRegistrarError, RegistrarError } from '../../model/errors.js';
import type { AuditEntry } from '../../model/audit.js';
import { apiVersionOf } from '../../model/kinds.js';
import type { Stored, WriteOptions } from '../../registry/registry.js';
import { requireAccess } from '../access/access-control.js';
import { auditEntryOf } from '../audit/audit-entry.js';
import type { Handler } from '../endpoint.js';
import type { Query } from '../requests/query.js';
import { selectionOf } from '../requests/selection.js';
import { deleteOptionsOf } from './deletion.js';
import { namespaceOf, sendJson } from './kind-context.js';
import type { KindContext } from './kind-context.js';

/** Deletions that arrive together commit together; a bound on what is in flight. */
const BATCH = 100;

/** Most refusals that an answer tells of. */
const MAX_TOLD = 10;

/**
 * DELETE of a collection: the list of what was hit. Each object goes or stays by itself, as with one
 * request each; when one stays although it was asked for, the answer is its error. Nothing is
 * deleted when the sender may not delete one of them.
 */
export function deleteCollectionHandler(context: KindContext, writer: Writer): Handler {
  const { deps, definition } = context;
  const { group, plural: resource } = definition;
  return async (request, reply) => {
    const options = { ...deleteOptionsOf(request), audit: auditEntryOf(request) };
    const selection = selectionOf(request.query as Query, definition, namespaceOf(request));
    const { items } = deps.registry.list(definition.kind);
    const selected = items.filter(({ object }) => selection.matches(object));
    for (const { object } of selected) {
      const { name } = object.metadata;
      requireAccess(request, { verb: 'deletecollection', group, resource, name });
    }
    const hit: Stored[] = [];
    const refusals: RegistrarError[] = [];
    for (let start = 0; start < selected.length; start += BATCH) {
      const batch = selected.slice(start, start + BATCH);
      const outcomes = await Promise.all(
        batch.map((one) => attempt(context, writer, one, options)),
      );
      for (const outcome of outcomes) {
        if (outcome instanceof RegistrarError) refusals.push(outcome);
        else if (outcome !== undefined) hit.push(outcome);
      }
    }
    const [first] = refusals;
    if (first !== undefined) throw partly(first, refusals, selected.length);
    const head = JSON.stringify({
      ...{ kind: `${definition.kind}List`, apiVersion: apiVersionOf(definition) },
      metadata: { resourceVersion: deps.registry.resourceVersion },
    });
    const list = hit.map(({ json }) => json).join(',');
    return sendJson(reply, 200, `${head.slice(0, -1)},"items":[${list}]}`);
  };
}

/** The object as its deletion leaves it; undefined when it went meanwhile, its refusal otherwise. */
async function attempt(
  { deps, definition }: KindContext,
  writer: Writer,
  { object }: Stored,
  options: WriteOptions & { readonly audit: AuditEntry },
): Promise<Stored | RegistrarError | undefined> {
  const { name, uid } = object.metadata;
  try {
    writer.refuseDeletion(object);
    const { stored } = await deps.registry.delete(definition.kind, name, {
      ...options,
      uid: options.uid ?? uid,
      audit: { ...options.audit, name },
    });
    return stored;
  } catch (error) {
    if (isRegistrarError(error, 'NOT_FOUND')) return undefined;
    if (error instanceof RegistrarError) return error;
    throw error;
  }
}

/** Tells which objects stay, and why. */
function partly(
  first: RegistrarError,
  refusals: readonly RegistrarError[],
  selected: number,
): RegistrarError {
  const told = refusals.slice(0, MAX_TOLD).map(({ message }) => message);
  const rest = refusals.length > told.length ? [`${refusals.length - told.length} more`] : [];
  const message = `${refusals.length} of ${selected} objects cannot be deleted: ${[...told, ...rest].join('; ')}`;
  return new RegistrarError(first.code, message, { ...first.details, cause: first });
}
