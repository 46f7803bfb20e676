import { randomUUID } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import { fastify } from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RegistrarError } from '../model/errors.js';
import { accessControl } from './access/access-control.js';
import { reviewRoutes } from './access/reviews/review-routes.js';
import { tokenRoutes } from './access/token-routes.js';
import { noteFailure } from './audit/audited-failure.js';
import { auditRoutes } from './audit/audit-routes.js';
import { RefusalLog } from './audit/refusal-log.js';
import { BODY_LIMIT } from '../model/body-limit.js';
import { configRoutes } from './config-routes.js';
import type { ApiDeps } from './deps.js';
import { discoveryRoutes } from './discovery/discovery-routes.js';
import { openApiRoutes } from './discovery/openapi-routes.js';
import { fromFramework, sendFailure } from './failure.js';
import { healthRoutes } from './health.js';
import { hookRoutes } from './hooks/hook-routes.js';
import { DEFAULT_RATES, limitAddresses, limitIdentities } from './limits/rate-limits.js';
import { Load } from './load.js';
import { moduleRoutes } from './module-routes.js';
import { podRoutes } from './pods/pod-routes.js';
import { NO_SUCH_PATH } from './refusals.js';
import { resourceRoutes } from './resources/resource-routes.js';
import { cleanUpRoutes } from './clean-up-routes.js';
import { engineRoutes } from './engine-routes.js';
import { secretRoutes } from './secret-routes.js';
import { versionRoutes } from './versions/version-routes.js';

/** No name is that long: a longer one cannot be found. */
const MAX_NAME_LENGTH = 253;

/** For a year, browsers that came here over TLS never try without. */
const HSTS = 'max-age=31536000';

/**
 * The HTTP API, with all routes and without an address: `listen` gives it one, tests inject.
 * Closing it ends the watches and logs that are open.
 */
export function buildServer(deps: ApiDeps): FastifyInstance {
  const refusals = new RefusalLog(deps);
  const fail = async (thrown: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const error = await noteFailure(refusals, fromFramework(thrown), request);
    return sendFailure(deps, error, request, reply);
  };
  const server = fastify({
    bodyLimit: BODY_LIMIT,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    frameworkErrors: (error, ...rest) => void sendFailure(deps, fromFramework(error), ...rest),
    genReqId: () => randomUUID(),
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: MAX_NAME_LENGTH },
  });
  const load = new Load(deps);

  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  server.setErrorHandler(fail);
  server.setNotFoundHandler(async () => {
    throw new RegistrarError('NOT_FOUND', NO_SUCH_PATH);
  });
  // Hooks of every request call back: to wait for a promise takes longer than what most of them do.
  server.addHook('onRequest', (request, reply, done) => {
    reply.headers({ 'cache-control': 'no-cache, private', 'x-content-type-options': 'nosniff' });
    if (request.raw.socket instanceof TLSSocket) reply.header('strict-transport-security', HSTS);
    done();
  });
  server.addHook('onClose', () => refusals.flush().catch(() => undefined));
  load.watch(server);
  const rates = deps.rates ?? DEFAULT_RATES;
  limitAddresses(server, deps.clock, rates);
  const offered = accessControl(server, deps, load);
  limitIdentities(server, deps.clock, rates);

  healthRoutes(server, deps);
  discoveryRoutes(server, deps.version);
  openApiRoutes(server, deps);
  resourceRoutes(server, deps, load);
  moduleRoutes(server, deps, load);
  versionRoutes(server, deps, load);
  podRoutes(server, deps, load);
  tokenRoutes(server, deps);
  reviewRoutes(server, offered);
  configRoutes(server, deps);
  auditRoutes(server, deps);
  secretRoutes(server, deps);
  engineRoutes(server, deps);
  cleanUpRoutes(server, deps);
  hookRoutes(server, deps);
  return server;
}
