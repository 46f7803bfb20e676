import { fastify } from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RegistrarError } from '../model/errors.js';
import { ERROR_CODES } from '../model/errors.js';
import { failureStatus } from './status.js';

export interface SafeModeDeps {
  readonly problem: RegistrarError;
  /** One line on the containers that go on. */
  readonly observe: () => Promise<string>;
}

const WITHHELD = 'The store is damaged, so that Registrar only observes; see its log';

/**
 * What is served in place of the API while the store is damaged: that the process lives, why it is
 * not ready, and to all else the same refusal. Reasons are told on the socket only, as there is
 * nothing to know a token by.
 */
export function buildSafeServer({ problem, observe }: SafeModeDeps): FastifyInstance {
  const server = fastify({ forceCloseConnections: true, return503OnClosing: false });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_request, _body, done) => done(null));
  for (const path of ['/healthz', '/livez'])
    server.get(path, (_request, reply) => plain(reply, 'ok'));
  server.get('/readyz', async (request, reply) => {
    const isLocal = isOnSocket(request);
    const lines = [
      `[-]store failed: ${isLocal ? problem.message : 'reason withheld'}`,
      ...(isLocal ? [`[+]containers ${await observe()}`] : []),
      'readyz check failed',
    ];
    return plain(reply.code(ERROR_CODES.STORE_DAMAGED.http), `${lines.join('\n')}\n`);
  });
  server.setNotFoundHandler((request, reply) => {
    const status = failureStatus(problem, request.id);
    const message = isOnSocket(request) ? problem.message : WITHHELD;
    return reply
      .code(status.code ?? ERROR_CODES.STORE_DAMAGED.http)
      .type('application/json')
      .send(JSON.stringify({ ...status, message }));
  });
  return server;
}

const isOnSocket = ({ raw }: FastifyRequest): boolean => raw.socket.remoteAddress === undefined;

const plain = (reply: FastifyReply, text: string): FastifyReply =>
  reply.type('text/plain; charset=utf-8').send(text);
