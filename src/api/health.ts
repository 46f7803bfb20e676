import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiDeps, Readiness } from './deps.js';
import { endpoint } from './endpoint.js';
import type { Handler } from './endpoint.js';
import { flagOf } from './requests/query.js';
import type { Query } from './requests/query.js';

/** Serves whether the daemon lives, is ready, and how it fares. */
export function healthRoutes(server: FastifyInstance, deps: ApiDeps): void {
  const alive: Handler = (_request, reply) => sendPlain(reply, 200, 'ok');
  const ready: Handler = (request, reply) => {
    const readiness = deps.readiness();
    const isVerbose = flagOf(request.query as Query, 'verbose') === true;
    if (readiness.ok && !isVerbose) return sendPlain(reply, 200, 'ok');
    return sendPlain(reply, readiness.ok ? 200 : 503, report(readiness, mayKnow(request)));
  };
  for (const path of ['/healthz', '/livez']) endpoint(server, path, { GET: alive, HEAD: alive });
  endpoint(server, '/readyz', { GET: ready, HEAD: ready });
  endpoint(server, '/metrics', {
    GET: async (_request, reply) =>
      reply.type('text/plain; version=0.0.4; charset=utf-8').send(await deps.metrics()),
  });
}

const mayKnow = ({ identity }: FastifyRequest): boolean => identity !== undefined;

/** One line per check, as Kubernetes writes them. Reasons are for those who may know them. */
function report({ ok, checks }: Readiness, withReasons: boolean): string {
  const lines = checks.map((check) => {
    if (check.ok) return `[+]${check.name} ok`;
    return `[-]${check.name} failed: ${withReasons ? check.message : 'reason withheld'}`;
  });
  return [...lines, `readyz check ${ok ? 'passed' : 'failed'}`, ''].join('\n');
}

const sendPlain = (reply: FastifyReply, code: number, text: string): FastifyReply =>
  reply.code(code).type('text/plain; charset=utf-8').send(text);
