import type { FastifyInstance, FastifyReply } from 'fastify';
import type { KindDefinition } from '../../kinds/definition.js';
import { DEFINITIONS } from '../../kinds/registered.js';
import type { ApiDeps } from '../deps.js';
import { endpoint } from '../endpoint.js';
import { textOf } from '../requests/query.js';
import type { Query } from '../requests/query.js';
import { basePath, byGroupVersion } from './api-resource.js';
import { documentOf, jsonDocument, sendDocument } from './document.js';
import type { Document } from './document.js';
import { partType } from './kind-resources.js';
import { openApiDocument, SWAGGER_PROTOBUF, swaggerDocument } from './openapi-document.js';

const YEAR_MS = 365 * 24 * 60 * 60_000;

/** Serves the schemas of the kinds: they validate in clients, and tell people what there is. */
export function openApiRoutes(
  server: FastifyInstance,
  { version, clock }: Pick<ApiDeps, 'version' | 'clock'>,
): void {
  const paths: Record<string, { serverRelativeURL: string }> = {};
  for (const group of byGroupVersion(DEFINITIONS)) {
    const base = basePath(group);
    const document = jsonDocument(openApiDocument(base, group.members.map(described), version));
    const url = `/openapi/v3${base}`;
    paths[base.slice(1)] = { serverRelativeURL: `${url}?hash=${document.hash}` };
    serveHashed(server, url, document, clock);
  }
  const index = jsonDocument({ paths });
  endpoint(server, '/openapi/v3', {
    GET: (request, reply) => sendDocument(index, request, reply),
  });
  serveSwagger(server, version);
}

const described = (definition: KindDefinition) => ({
  ...definition,
  subresources: definition.subresources.map((name) => ({
    name,
    type: partType(definition, name),
  })),
});

/** A client that asks for the document by its hash need never ask again. */
function serveHashed(
  server: FastifyInstance,
  url: string,
  document: Document,
  clock: ApiDeps['clock'],
): void {
  endpoint(server, url, {
    GET: (request, reply) => {
      if (textOf(request.query as Query, 'hash') === document.hash) {
        keepForEver(reply, clock.now());
      }
      return sendDocument(document, request, reply);
    },
  });
}

function keepForEver(reply: FastifyReply, now: number): void {
  const expires = new Date(now + YEAR_MS).toUTCString();
  reply.headers({ 'cache-control': 'public, immutable', expires });
}

const PROTOBUF_TYPE = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
/** kubectl writes an `@` where the answer has a dot. */
const ASKS_FOR_PROTOBUF =
  /^[^,]*application\/com\.github\.proto-openapi\.spec\.v2[.@]v1\.0\+protobuf/;

function serveSwagger(server: FastifyInstance, version: string): void {
  const json = jsonDocument(swaggerDocument(version));
  const protobuf = documentOf(SWAGGER_PROTOBUF, PROTOBUF_TYPE);
  endpoint(server, '/openapi/v2', {
    GET: (request, reply) => {
      const isProtobuf = ASKS_FOR_PROTOBUF.test(request.headers.accept ?? '');
      return sendDocument(isProtobuf ? protobuf : json, request, reply);
    },
  });
}
