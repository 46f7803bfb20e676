import type { FastifyRequest } from 'fastify';
import type { WriteOptions } from '../../registry/registry.js';
import { readBody } from '../requests/body.js';
import { auditEntryOf } from '../audit/audit-entry.js';
import type { Handler } from '../endpoint.js';
import { nameOf, sendJson } from './kind-context.js';
import type { KindContext } from './kind-context.js';
import { isJsonObject } from '../../lib/merge-patch.js';
import { preconditionsOf } from '../requests/identity.js';
import { isDryRun } from '../requests/query.js';
import type { Query } from '../requests/query.js';
import { badRequest, noSuchObject } from '../refusals.js';
import { deletedStatus } from '../status.js';
import type { Writer } from '../../kinds/definition.js';

/** DELETE of an object: a Status when it is gone, the object when finalizers hold it. */
export function deleteHandler({ deps, definition }: KindContext, writer: Writer): Handler {
  return async (request, reply) => {
    const options = deleteOptionsOf(request);
    const name = nameOf(request);
    const current = deps.registry.get(definition.kind, name)?.object;
    if (current === undefined) throw noSuchObject(definition, name);
    writer.refuseDeletion(current);
    // What was looked at is what is deleted, not another object of the name made in between.
    const { stored, result } = await deps.registry.delete(definition.kind, name, {
      ...options,
      uid: options.uid ?? current.metadata.uid,
      audit: auditEntryOf(request),
    });
    if (result !== 'deleted') return sendJson(reply, 200, stored.json);
    return deletedStatus(definition, stored.object.metadata);
  };
}

/** DeleteOptions of the body, which may be empty, and of the query. */
export function deleteOptionsOf(request: FastifyRequest): WriteOptions {
  const body = readBody(request) ?? {};
  if (!isJsonObject(body)) throw badRequest('The body of a deletion must be DeleteOptions');
  const isDryBody = isDryRun({ dryRun: body['dryRun'] });
  const isDryQuery = isDryRun(request.query as Query);
  return {
    ...preconditionsOf({ metadata: body['preconditions'] }),
    dryRun: isDryBody || isDryQuery,
  };
}
