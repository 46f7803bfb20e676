import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RegistrarError } from '../model/errors.js';
import { unsupportedVerb } from './refusals.js';
import { routeAccess } from './access/route-access.js';
import type { ResourcePath } from './access/route-access.js';

export type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown;
export type Handlers = Partial<
  Record<'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', Handler>
>;

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'] as const;

/**
 * Serves a path: the methods that have a handler with it, all others with 405. A path of a resource
 * says which; every method with a handler must have a row in access/rules.ts.
 */
export function endpoint(
  server: FastifyInstance,
  place: string | ResourcePath,
  handlers: Handlers,
): void {
  const url = typeof place === 'string' ? place : place.url;
  const offered = new Map<string, Handler>(Object.entries(handlers));
  const allow = [...offered.keys()].join(', ');
  for (const method of METHODS) {
    const handler = offered.get(method);
    const answer = handler ?? refuse(place, method, allow);
    server.route({
      method,
      url,
      config: { access: handler ? routeAccess(place, method) : { kind: 'unoffered' } },
      handler: (request, reply) => {
        const answered = answer(request, reply);
        // The framework waits for an answer that it is given, also for one that is sent already.
        return answered === reply ? undefined : answered;
      },
    });
  }
}

function refuse(place: string | ResourcePath, method: string, allow: string): Handler {
  return (_request, reply) => {
    reply.header('allow', allow);
    const access = routeAccess(place, method);
    if (access.kind === 'resource') throw unsupportedVerb(access);
    const message = `${method} is not supported on ${access.path}: use ${allow}`;
    throw new RegistrarError('METHOD_NOT_ALLOWED', message);
  };
}
