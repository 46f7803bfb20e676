import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Stored } from '../../registry/registry.js';
import type { Handler } from '../endpoint.js';
import { noSuchObject } from '../refusals.js';
import { acceptedForm, PLAIN } from '../requests/accept.js';
import type { Form } from '../requests/accept.js';
import { flagOf } from '../requests/query.js';
import type { Query } from '../requests/query.js';
import { selectionOf } from '../requests/selection.js';
import { objectBody } from './object-body.js';
import { formVersion, LIST_FORMS, OBJECT_FORMS, TABLE } from './forms.js';
import { nameOf, namespaceOf, sendJson } from './kind-context.js';
import type { KindContext } from './kind-context.js';
import { pageOf } from './page.js';
import type { Page } from './page.js';
import { metadataJson, metadataListJson } from './partial-metadata.js';
import { includedOf, tableJson } from './table.js';
import { watch } from './watch.js';
import { viewJson } from './target.js';
import type { Target } from './target.js';

/** GET of a collection: a list, or a watch when the query says so. */
export function collectionHandler(context: KindContext): Handler {
  return (request, reply) => {
    if (flagOf(request.query as Query, 'watch') === true) return watch(context, request, reply);
    return list(context, request, reply);
  };
}

function list(context: KindContext, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { definition, memory } = context;
  const form = acceptedForm(request.headers.accept, LIST_FORMS);
  const query = request.query as Query;
  const selection = selectionOf(query, definition, namespaceOf(request));
  const page = pageOf(context, query, selection);
  if (form === PLAIN) return sendJson(reply, 200, memory.bodies.body(definition, page));
  if (form.as === TABLE) return sendTable(context, page, form, request, reply);
  return sendJson(reply, 200, metadataListJson(page.items, page.metadata, form));
}

/** GET of an object or one of its subresources. */
export function objectHandler(context: KindContext, target: Target): Handler {
  return (request, reply) => {
    const form = acceptedForm(request.headers.accept, OBJECT_FORMS);
    const stored = find(context, request);
    // A view is no object of the kind: it has not its columns, and no more than it shows.
    if (target.view !== undefined) return sendJson(reply, 200, viewJson(target, stored));
    if (form === PLAIN) return sendJson(reply, 200, objectBody(stored));
    if (form.as !== TABLE) return sendJson(reply, 200, metadataJson(stored, formVersion(form)));
    const { resourceVersion } = stored.object.metadata;
    const page = { items: [stored], metadata: { resourceVersion } };
    return sendTable(context, page, form, request, reply);
  };
}

function sendTable(
  { deps, definition }: KindContext,
  { items, metadata }: Pick<Page, 'items' | 'metadata'>,
  form: Form,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const style = { apiVersion: formVersion(form), included: includedOf(request.query as Query) };
  const json = tableJson(definition, items, metadata, { style, now: deps.clock.now() });
  return sendJson(reply, 200, json);
}

/** The object that a path names. Throws NOT_FOUND. */
export function find(
  { deps, definition }: Pick<KindContext, 'deps' | 'definition'>,
  request: FastifyRequest,
): Stored {
  const name = nameOf(request);
  const stored = deps.registry.get(definition.kind, name);
  const namespace = namespaceOf(request);
  const isThere = namespace === undefined || stored?.object.metadata.namespace === namespace;
  if (stored === undefined || !isThere) throw noSuchObject(definition, name);
  return stored;
}
