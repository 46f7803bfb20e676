import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Drafted, Writer } from '../../kinds/definition.js';
import { KINDS } from '../../kinds/registered.js';
import type { KindName } from '../../kinds/registered.js';
import { trackUpdate } from '../../managed-fields/track-update.js';
import type { KindNames } from '../../model/kinds.js';
import type { Draft } from '../../registry/registry.js';
import { requireAccess } from '../access/access-control.js';
import { auditEntryOf } from '../audit/audit-entry.js';
import type { Handler } from '../endpoint.js';
import { badRequest, noSuchObject } from '../refusals.js';
import { readObject } from '../requests/body.js';
import { fieldManagerOf } from '../requests/field-manager.js';
import {
  checkType,
  preconditionsOf,
  withGeneratedName,
  withNamespace,
} from '../requests/identity.js';
import { fieldValidationOf, isDryRun } from '../requests/query.js';
import type { Query } from '../requests/query.js';
import { cautionsAbout } from './cautions.js';
import { namespaceOf, sendJson, sendWarnings } from './kind-context.js';
import type { KindContext } from './kind-context.js';
import { sealed, valuesOf } from './sealing.js';
import { MAIN } from './target.js';
import { authorship, withEntries, writtenEntries } from './tracking.js';

/** POST of a collection. */
export function createHandler(context: KindContext, writer: Writer): Handler {
  return async (request, reply) => {
    const { definition } = context;
    const { status: _status, ...written } = readObject(request);
    const sent = sealed(context, request, written);
    checkType(sent, MAIN.typeOf(definition));
    if (preconditionsOf(sent).resourceVersion !== undefined) {
      throw badRequest('metadata.resourceVersion must not be set on an object to be created');
    }
    const namespace = namespaceOf(request);
    requireNamespace(context, namespace);
    const object = withNamespace(withGeneratedName(sent), namespace);
    const mode = fieldValidationOf(request.query as Query);
    const drafted = writer.draft(object, undefined, mode);
    const who = { manager: fieldManagerOf(request), operation: 'Update' } as const;
    const entries = trackUpdate({
      ...authorship(context, who, undefined),
      ...{ before: undefined, after: { ...drafted.draft, status: undefined } },
      entries: writtenEntries(definition, object, undefined),
    });
    return create({ context, request, reply }, withEntries(definition, drafted, entries));
  };
}

/** Throws NOT_FOUND for a namespace that there is not. */
function requireNamespace({ deps }: KindContext, namespace: string | undefined): void {
  if (namespace === undefined || deps.registry.get('Namespace', namespace) !== undefined) return;
  throw noSuchObject(KINDS.Namespace, namespace);
}

export interface Creation {
  readonly context: KindContext;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Stores a new object and answers with it. Throws FORBIDDEN when the sender may not make it. */
export async function create(
  { context, request, reply }: Creation,
  { draft, warnings }: Drafted,
): Promise<FastifyReply> {
  const { deps, definition } = context;
  requireCreation(request, definition, draft.metadata.name);
  const dryRun = isDryRun(request.query as Query);
  const issued = dryRun ? undefined : definition.issue?.(draft);
  const written = (issued?.draft ?? draft) as Draft<KindName>;
  const options = { dryRun, audit: auditEntryOf(request), values: valuesOf(request) };
  const { stored } = await deps.registry.create(definition.kind, written, options);
  sendWarnings(reply, [...warnings, ...(await cautionsAbout(stored.object, dryRun, deps))]);
  const shown = issued && JSON.stringify(issued.reveal(stored.object));
  return sendJson(reply, 201, shown ?? stored.json);
}

/** Throws FORBIDDEN when the sender may create some objects of the kind, but not of that name. */
export function requireCreation(
  request: FastifyRequest,
  { group, plural: resource }: KindNames,
  name: string,
): void {
  requireAccess(request, { verb: 'create', group, resource, name });
}
