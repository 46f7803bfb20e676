import type { FastifyRequest } from 'fastify';
import { readBody } from '../requests/body.js';
import type { Handler } from '../endpoint.js';
import { nameOf, sendJson } from './kind-context.js';
import type { KindContext } from './kind-context.js';
import { isJsonObject } from '../../lib/merge-patch.js';
import { preconditionsOf } from '../requests/identity.js';
import { isDryRun, textOf } from '../requests/query.js';
import type { Query } from '../requests/query.js';
import { badRequest, noSuchObject, unsupportedValue } from '../refusals.js';
import { deletedStatus } from '../status.js';
import type { Writer } from '../../kinds/definition.js';
import { PROPAGATIONS, remove } from './removal.js';
import type { Deletion } from './removal.js';

/** DELETE of an object: a Status when it is gone, the object when finalizers hold it. */
export function deleteHandler(context: KindContext, writer: Writer): Handler {
  const { deps, definition } = context;
  return async (request, reply) => {
    const deletion = deletionOf(request);
    const name = nameOf(request);
    const current = deps.registry.get(definition.kind, name)?.object;
    if (current === undefined) throw noSuchObject(definition, name);
    const { stored, result } = await remove(context, writer, current, deletion, request);
    if (result !== 'deleted') return sendJson(reply, 200, stored.json);
    return deletedStatus(definition, stored.object.metadata);
  };
}

/** DeleteOptions of the body, which may be empty, and of the query. */
export function deletionOf(request: FastifyRequest): Deletion {
  const body = readBody(request) ?? {};
  if (!isJsonObject(body)) throw badRequest('The body of a deletion must be DeleteOptions');
  const query = request.query as Query;
  const dryRun = isDryRun({ dryRun: body['dryRun'] }) || isDryRun(query);
  return {
    options: { ...preconditionsOf({ metadata: body['preconditions'] }), dryRun },
    propagation: propagationOf({ ...query, ...body }),
  };
}

function propagationOf(from: Query): Deletion['propagation'] {
  const field = 'propagationPolicy';
  const text = textOf(from, field) ?? PROPAGATIONS[0];
  const known = PROPAGATIONS.find((one) => one === text);
  if (known === undefined) throw unsupportedValue(field, text, PROPAGATIONS);
  return known;
}
