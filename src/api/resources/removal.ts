import type { FastifyRequest } from 'fastify';
import type { ApiObject, Others, Writer } from '../../kinds/definition.js';
import type { AnyKind } from '../../kinds/registered.js';
import { isRegistrarError } from '../../model/errors.js';
import type { Registry, WriteOptions, Written } from '../../registry/registry.js';
import { requireAccess } from '../access/access-control.js';
import { auditEntryOf } from '../audit/audit-entry.js';
import type { KindContext } from './kind-context.js';

/**
 * What becomes of the objects that need one that is deleted, in the words of Kubernetes: with
 * Background they keep it, with Foreground they go before it, with Orphan they stay without it.
 */
export const PROPAGATIONS = ['Background', 'Foreground', 'Orphan'] as const;

export interface Deletion {
  readonly options: WriteOptions;
  readonly propagation: (typeof PROPAGATIONS)[number];
}

/** Deletes one object as a request says. Throws MODULE_NEEDED and the refusals of the writer. */
export async function remove(
  context: KindContext,
  writer: Writer,
  object: ApiObject,
  { options, propagation }: Deletion,
  request: FastifyRequest,
): Promise<Written> {
  const { deps, definition } = context;
  writer.refuseDeletion(object);
  const isCascade = propagation === 'Foreground';
  const dependents = isCascade ? dependentsIn(deps.registry, definition, object) : [];
  for (const one of dependents) refuseUnless(context, writer, one, request);
  const write = ({ metadata: { name, uid } }: ApiObject, more: WriteOptions): Promise<Written> => {
    const audit = { ...auditEntryOf(request), name };
    return deps.registry.delete(definition.kind, name, { ...more, uid: more.uid ?? uid, audit });
  };
  const { dryRun } = options;
  // In a dry run nothing goes, so that all that needs others is still there.
  const evenIfNeeded = propagation === 'Orphan' || (isCascade && dryRun === true);
  // All at once: what is asked for together is stored together, in this order.
  const before = dependents.map((one) => ignoringGone(write(one, { dryRun, evenIfNeeded })));
  const [written] = await Promise.all([write(object, { ...options, evenIfNeeded }), ...before]);
  return written;
}

/** All that need an object and are not going yet, in the order in which to delete them. */
function dependentsIn(
  registry: Pick<Registry, 'get' | 'list'>,
  { kind, relations }: AnyKind,
  object: ApiObject,
): ApiObject[] {
  const others: Others = {
    get: (name) => registry.get(kind, name)?.object,
    values: () => registry.list(kind).items.map((stored) => stored.object),
  };
  const names = relations?.dependents(object, others) ?? [];
  return names
    .flatMap((name) => others.get(name) ?? [])
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

/** Throws when the sender may not delete an object, or nobody may. */
function refuseUnless(
  { definition: { group, plural: resource } }: KindContext,
  writer: Writer,
  object: ApiObject,
  request: FastifyRequest,
): void {
  requireAccess(request, { verb: 'delete', group, resource, name: object.metadata.name });
  writer.refuseDeletion(object);
}

const ignoringGone = (write: Promise<Written>): Promise<Written | undefined> =>
  write.catch((error: unknown) => {
    if (isRegistrarError(error, 'NOT_FOUND')) return undefined;
    throw error;
  });
