import type { FastifyInstance } from 'fastify';
import type { KindDefinition } from '../../kinds/definition.js';
import { DEFINITIONS } from '../../kinds/registered.js';
import type { ResourcePath } from '../access/route-access.js';
import { deleteCollectionHandler } from './delete-collection.js';
import { deleteHandler } from './deletion.js';
import type { ApiDeps } from '../deps.js';
import { endpoint } from '../endpoint.js';
import type { Handlers } from '../endpoint.js';
import type { KindContext } from './kind-context.js';
import type { Load } from '../load.js';
import { readMemory } from './read-memory.js';
import { collectionHandler, objectHandler } from './reads.js';
import { MAIN, SUBRESOURCES } from './target.js';
import type { Target } from './target.js';
import { createHandler } from './create.js';
import { patchHandler, replaceHandler } from './writes.js';

/** Path of the API group version of a kind. */
export const groupPath = ({ group, version }: KindDefinition): string =>
  group === '' ? `/api/${version}` : `/apis/${group}/${version}`;

/** Serves every kind at its Kubernetes paths, as far as its definition goes. */
export function resourceRoutes(server: FastifyInstance, deps: ApiDeps, load: Load): void {
  for (const definition of DEFINITIONS) {
    kindRoutes(server, { deps, load, definition, memory: readMemory(deps.clock) });
  }
}

function kindRoutes(server: FastifyInstance, context: KindContext): void {
  const { definition } = context;
  const { group, plural } = definition;
  const base = groupPath(definition);
  const all = `${base}/${plural}`;
  const own = definition.namespaced ? `${base}/namespaces/:namespace/${plural}` : all;
  const at = (url: string, resource = plural): ResourcePath => ({ url, group, resource });
  if (all !== own) endpoint(server, at(all), { GET: collectionHandler(context) });
  endpoint(server, at(own), collectionHandlers(context));
  endpoint(server, at(`${own}/:name`), objectHandlers(context));
  for (const name of definition.subresources) {
    const handlers = targetHandlers(context, SUBRESOURCES[name]);
    endpoint(server, at(`${own}/:name/${name}`, `${plural}/${name}`), handlers);
  }
}

function collectionHandlers(context: KindContext): Handlers {
  const { verbs, writer } = context.definition;
  return {
    ...(verbs.includes('list') && { GET: collectionHandler(context) }),
    ...(writer && verbs.includes('create') && { POST: createHandler(context, writer) }),
    ...(writer &&
      verbs.includes('deletecollection') && { DELETE: deleteCollectionHandler(context, writer) }),
  };
}

function objectHandlers(context: KindContext): Handlers {
  const { verbs, writer } = context.definition;
  return {
    ...targetHandlers(context, MAIN),
    ...(writer && verbs.includes('delete') && { DELETE: deleteHandler(context, writer) }),
  };
}

function targetHandlers(context: KindContext, target: Target): Handlers {
  const { verbs, writer } = context.definition;
  return {
    ...(verbs.includes('get') && { GET: objectHandler(context, target) }),
    ...(writer && verbs.includes('update') && { PUT: replaceHandler(context, writer, target) }),
    ...(writer && verbs.includes('patch') && { PATCH: patchHandler(context, writer, target) }),
  };
}
