import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RegistrarError } from '../model/errors.js';

export type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown;
export type Handlers = Partial<
  Record<'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', Handler>
>;

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'] as const;

/** Serves a path: the methods that have a handler with it, all others with 405. */
export function endpoint(server: FastifyInstance, url: string, handlers: Handlers): void {
  const offered = new Map<string, Handler>(Object.entries(handlers));
  const allow = [...offered.keys()].join(', ');
  for (const method of METHODS) {
    const handler = offered.get(method) ?? refuse(method, allow);
    server.route({
      method,
      url,
      handler: async (...args) => handler(...args),
    });
  }
}

const refuse = (method: string, allow: string): Handler => {
  return (request, reply) => {
    reply.header('allow', allow);
    const message = `${method} is not supported on ${request.routeOptions.url}: use ${allow}`;
    throw new RegistrarError('METHOD_NOT_ALLOWED', message);
  };
};
