import type { FastifyRequest } from 'fastify';
import { RegistrarError } from '../../model/errors.js';
import type { Identity } from '../../model/identity.js';
import type { ApiDeps } from '../deps.js';
import { addressKey } from '../limits/address-key.js';
import { isLocal } from '../serving/local-socket.js';
import type { KnownTokens } from './known-tokens.js';
import { LOCAL } from './standing-identities.js';
import { Throttle } from './throttle.js';
import { unauthorized } from './unauthorized.js';

/**
 * Who sends a request, undefined when it has no credentials; a promise where an issuer has to be
 * asked. UNAUTHORIZED for wrong ones; TOO_MANY_FAILURES for who sends too many of them. The right token always works, so that
 * nobody at the same address can lock its owner out.
 */
export type Authenticate = (request: FastifyRequest) => Found | Promise<Found>;

/** Who holds the credentials of a request, if it has any. */
export type Found = Identity | undefined;

export function authenticator(
  { clock, issuer }: Pick<ApiDeps, 'clock' | 'issuer'>,
  tokens: Pick<KnownTokens, 'find'>,
): Authenticate {
  const throttle = new Throttle(clock);
  const refuse = (request: FastifyRequest): never => {
    const waitSeconds = throttle.fail(addressKey(request.ip));
    if (waitSeconds !== undefined) throw tooManyFailures(waitSeconds);
    throw unauthorized('the token is not known here: it may be revoked or mistyped');
  };
  return (request) => {
    refuseImpersonation(request);
    if (isLocal(request.raw.socket)) return LOCAL;
    const { authorization = '' } = request.headers;
    if (authorization === '') return undefined;
    const secret = secretOf(request);
    if (secret === undefined) return refuse(request);
    const holder = tokens.find(secret);
    if (holder !== undefined || issuer === undefined) return holder ?? refuse(request);
    return issuer(secret).then((found) => found ?? refuse(request));
  };
}

/** What a request proves itself with; undefined when it is not sent as it should be. */
function secretOf(request: FastifyRequest): string | undefined {
  const [, secret] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  return isRepeated(request) ? undefined : secret;
}

/** Node keeps the first of two such headers: what stands between may have looked at the other. */
function isRepeated({ raw: { rawHeaders } }: FastifyRequest): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === 'authorization') count += 1;
  }
  return count > 1;
}

/** Ignoring these headers would answer for another user than the one asked about. */
function refuseImpersonation(request: FastifyRequest): void {
  const header = Object.keys(request.headers).find((name) => name.startsWith('impersonate-'));
  if (header === undefined) return;
  throw new RegistrarError('FORBIDDEN', 'Impersonation is not supported: leave out --as');
}

const tooManyFailures = (retryAfterSeconds: number): RegistrarError =>
  new RegistrarError(
    'TOO_MANY_FAILURES',
    `Too many wrong tokens from this address: try again in ${retryAfterSeconds} seconds`,
    { retryAfterSeconds },
  );
