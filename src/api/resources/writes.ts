import type { FastifyReply, FastifyRequest } from 'fastify';
import type { KindName } from '../../kinds/registered.js';
import type { Draft, Preconditions, Stored } from '../../registry/registry.js';
import type { KindNames } from '../../model/kinds.js';
import { requireAccess } from '../access/access-control.js';
import { readMergePatch, readObject } from '../requests/body.js';
import type { Handler } from '../endpoint.js';
import {
  checkType,
  preconditionsOf,
  requireVersion,
  withGeneratedName,
  withName,
} from '../requests/identity.js';
import { nameOf, sendJson, sendWarnings } from './kind-context.js';
import type { KindContext } from './kind-context.js';
import { isJsonObject, mergePatch } from '../../lib/merge-patch.js';
import type { JsonObject } from '../../lib/merge-patch.js';
import { fieldValidationOf, isDryRun } from '../requests/query.js';
import type { Query } from '../requests/query.js';
import { badRequest } from '../refusals.js';
import { MAIN } from './target.js';
import type { Target } from './target.js';
import type { Writer } from '../../kinds/definition.js';

/** POST of a collection. */
export function createHandler({ deps, definition }: KindContext, writer: Writer): Handler {
  return async (request, reply) => {
    const query = request.query as Query;
    const { status: _status, ...sent } = readObject(request);
    checkType(sent, MAIN.typeOf(definition));
    if (preconditionsOf(sent).resourceVersion !== undefined) {
      throw badRequest('metadata.resourceVersion must not be set on an object to be created');
    }
    const object = withGeneratedName(sent);
    const { draft, warnings } = writer.draft(object, undefined, fieldValidationOf(query));
    requireCreation(request, definition, draft.metadata.name);
    const dryRun = isDryRun(query);
    const issued = dryRun ? undefined : definition.issue?.(draft);
    const { stored } = await deps.registry.create(
      definition.kind,
      (issued?.draft ?? draft) as Draft<KindName>,
      { dryRun },
    );
    sendWarnings(reply, warnings);
    const shown = issued && JSON.stringify(issued.reveal(stored.object));
    return sendJson(reply, 201, shown ?? stored.json);
  };
}

/** Throws FORBIDDEN when the sender may create some objects of the kind, but not of that name. */
export function requireCreation(
  request: FastifyRequest,
  { group, plural: resource }: KindNames,
  name: string,
): void {
  requireAccess(request, { verb: 'create', group, resource, name });
}

/** PUT of an object or one of its subresources. */
export function replaceHandler(context: KindContext, writer: Writer, target: Target): Handler {
  return async (request, reply) => {
    const written = readObject(request);
    const expected = preconditionsOf(written);
    requireVersion(context.definition, nameOf(request), expected);
    return update({ context, writer, target, request, reply }, () => written, expected);
  };
}

/** PATCH of an object or one of its subresources. */
export function patchHandler(context: KindContext, writer: Writer, target: Target): Handler {
  return async (request, reply) => {
    const patch = readMergePatch(request);
    const apply = (view: JsonObject): JsonObject => mergePatch(view, explicit(patch)) as JsonObject;
    return update({ context, writer, target, request, reply }, apply, preconditionsOf(patch));
  };
}

/** The patch with deleted finalizers as an empty list: that is how a list is given up on purpose. */
function explicit(patch: JsonObject): JsonObject {
  const { metadata } = patch;
  if (!isJsonObject(metadata) || metadata['finalizers'] !== null) return patch;
  return { ...patch, metadata: { ...metadata, finalizers: [] } };
}

interface Update {
  readonly context: KindContext;
  readonly writer: Writer;
  readonly target: Target;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Stores what `propose` makes of the newest state, as it is inside of the write. */
async function update(
  { context: { deps, definition }, writer, target, request, reply }: Update,
  propose: (view: JsonObject) => JsonObject,
  expected: Preconditions,
): Promise<FastifyReply> {
  const query = request.query as Query;
  const name = nameOf(request);
  const unknownFields = fieldValidationOf(query);
  let warnings: readonly string[] = [];
  const { stored } = await deps.registry.update(
    definition.kind,
    name,
    (current) => {
      const view = target.view?.(current) ?? (current as object as JsonObject);
      const proposed = withName(propose(view), name);
      checkType(proposed, target.typeOf(definition));
      const drafted = target.draft(writer, current, proposed, unknownFields);
      warnings = drafted.warnings;
      return drafted.draft as Draft<KindName>;
    },
    { ...expected, dryRun: isDryRun(query), subresource: target.subresource },
  );
  sendWarnings(reply, warnings);
  return sendJson(reply, 200, viewJson(target, stored));
}

/** JSON of what clients read at a target. */
export function viewJson(target: Target, stored: Stored): string {
  return target.view === undefined ? stored.json : JSON.stringify(target.view(stored.object));
}
