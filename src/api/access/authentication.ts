import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RegistrarError } from '../../model/errors.js';
import { isLocal } from '../serving/local-socket.js';
import { Throttle } from './throttle.js';
import type { ApiDeps } from '../deps.js';

/** What anybody may ask: whether the daemon is alive and ready. */
const OPEN_PATHS: ReadonlySet<string> = new Set(['/healthz', '/livez', '/readyz']);

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

export type Authenticate = (request: FastifyRequest) => boolean;

/** Answers whether a request comes from the unix socket or carries the token. */
export function authenticator(token: string): Authenticate {
  const expected = sha256(token);
  return (request) => {
    if (isLocal(request.raw.socket)) return true;
    const given = bearerOf(request);
    return given !== undefined && timingSafeEqual(sha256(given), expected);
  };
}

const bearerOf = (request: FastifyRequest): string | undefined =>
  /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];

/**
 * A hook that refuses requests without the token. Who sends too many wrong ones is told to wait;
 * the right token always works, so that nobody on the host can lock its owner out.
 */
export function requireToken(
  deps: Pick<ApiDeps, 'clock'>,
  isAuthentic: Authenticate,
): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const throttle = new Throttle(deps.clock);
  return async (request, reply) => {
    refuseImpersonation(request);
    if (isAuthentic(request) || OPEN_PATHS.has(request.routeOptions.url ?? '')) return;
    const hasGuessed = (request.headers.authorization ?? '') !== '';
    const waitSeconds = hasGuessed ? throttle.fail(request.ip) : undefined;
    if (waitSeconds !== undefined) throw tooManyFailures(waitSeconds);
    reply.header('www-authenticate', 'Bearer');
    throw new RegistrarError(
      'UNAUTHORIZED',
      'Unauthorized: send the header "Authorization: Bearer TOKEN" with the token in the data directory',
    );
  };
}

/** Ignoring these headers would answer for another user than the one asked about. */
function refuseImpersonation(request: FastifyRequest): void {
  const header = Object.keys(request.headers).find((name) => name.startsWith('impersonate-'));
  if (header === undefined) return;
  throw new RegistrarError('FORBIDDEN', 'Impersonation is not supported: leave out --as');
}

const tooManyFailures = (retryAfterSeconds: number): RegistrarError =>
  new RegistrarError(
    'TOO_MANY_REQUESTS',
    `Too many wrong tokens from this address: try again in ${retryAfterSeconds} seconds`,
    { retryAfterSeconds },
  );
