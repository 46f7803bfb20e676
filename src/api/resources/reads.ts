import type { FastifyRequest } from 'fastify';
import { RegistrarError } from '../../model/errors.js';
import { apiVersionOf } from '../../model/kinds.js';
import type { Stored } from '../../registry/registry.js';
import type { Handler } from '../endpoint.js';
import { nameOf, namespaceOf, sendJson } from './kind-context.js';
import type { KindContext } from './kind-context.js';
import { flagOf, textOf, versionOf } from '../requests/query.js';
import type { Query } from '../requests/query.js';
import { badRequest, noSuchObject } from '../refusals.js';
import { selectionOf } from '../requests/selection.js';
import type { Target } from './target.js';
import { watch } from './watch.js';
import { viewJson } from './writes.js';

/** GET of a collection: a list, or a watch when the query says so. */
export function collectionHandler(context: KindContext): Handler {
  return (request, reply) => {
    if (flagOf(request.query as Query, 'watch') === true) return watch(context, request, reply);
    return sendJson(reply, 200, listJson(context, request));
  };
}

function listJson({ deps, definition }: KindContext, request: FastifyRequest): string {
  const query = request.query as Query;
  const selection = selectionOf(query, definition, namespaceOf(request));
  const { items, resourceVersion } = deps.registry.list(definition.kind);
  checkVersion(query, resourceVersion);
  const selected = items.filter(({ object }) => selection.matches(object)).map(({ json }) => json);
  const head = { kind: `${definition.kind}List`, apiVersion: apiVersionOf(definition) };
  const metadata = { resourceVersion };
  return `${JSON.stringify({ ...head, metadata }).slice(0, -1)},"items":[${selected.join(',')}]}`;
}

/** Only the newest state is kept: throws when a list asks for another one. */
function checkVersion(query: Query, newest: string): void {
  if (textOf(query, 'continue') !== undefined) {
    throw badRequest('The continue token is not valid: lists are never cut, so none is given out');
  }
  const asked = versionOf(query);
  if (asked === undefined || asked === newest) return;
  if (BigInt(asked) > BigInt(newest)) {
    const message = `Too large resource version: ${asked}, current: ${newest}`;
    throw new RegistrarError('TOO_NEW', message);
  }
  if (textOf(query, 'resourceVersionMatch') !== 'Exact') return;
  const message = `The resource version ${asked} is no longer known, the newest is ${newest}`;
  throw new RegistrarError('EXPIRED', message);
}

/** GET of an object or one of its subresources. */
export function objectHandler(context: KindContext, target: Target): Handler {
  return (request, reply) => sendJson(reply, 200, viewJson(target, find(context, request)));
}

/** The object that a path names. Throws NOT_FOUND. */
export function find({ deps, definition }: KindContext, request: FastifyRequest): Stored {
  const name = nameOf(request);
  const stored = deps.registry.get(definition.kind, name);
  const namespace = namespaceOf(request);
  const isThere = namespace === undefined || stored?.object.metadata.namespace === namespace;
  if (stored === undefined || !isThere) throw noSuchObject(definition, name);
  return stored;
}
