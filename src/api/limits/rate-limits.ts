import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Clock } from '../../lib/clock.js';
import { TokenBuckets } from '../../lib/token-bucket.js';
import type { Rate } from '../../lib/token-bucket.js';
import { RegistrarError } from '../../model/errors.js';
import { isMutation } from '../audit/mutation.js';
import { isLocal } from '../serving/local-socket.js';
import { addressKey } from './address-key.js';

/** How many requests are answered. Generous: `kubectl` and informers never come near. */
export interface Rates {
  /** All requests of one address, whoever sends them. */
  readonly address: Rate;
  /** Requests of one identity that read, and those that change something. */
  readonly reads: Rate;
  readonly writes: Rate;
  /** All requests over the unix socket. */
  readonly socket: Rate;
}

export const DEFAULT_RATES: Rates = {
  address: { perSecond: 500, burst: 2000 },
  reads: { perSecond: 200, burst: 1000 },
  writes: { perSecond: 50, burst: 300 },
  socket: { perSecond: 2000, burst: 5000 },
};

/** Refuses those who send too many requests, by address; to be called before access control. */
export function limitAddresses(server: FastifyInstance, clock: Clock, rates: Rates): void {
  const addresses = new TokenBuckets(rates.address, clock);
  const socket = new TokenBuckets(rates.socket, clock);
  server.addHook('onRequest', (request, _reply, done) => {
    const isOfSocket = isLocal(request.raw.socket);
    refuseAfter(isOfSocket ? socket.take('') : addresses.take(addressKey(request.ip)));
    done();
  });
}

/** The same by identity, with less for changes; to be called after access control. */
export function limitIdentities(server: FastifyInstance, clock: Clock, rates: Rates): void {
  const reads = new TokenBuckets(rates.reads, clock);
  const writes = new TokenBuckets(rates.writes, clock);
  const take = (request: FastifyRequest): number | undefined => {
    const { identity } = request;
    // The socket has a limit of its own, and who is nobody that of the address.
    if (identity === undefined || isLocal(request.raw.socket)) return undefined;
    return (isMutation(request) ? writes : reads).take(identity.name);
  };
  server.addHook('onRequest', (request, _reply, done) => {
    refuseAfter(take(request));
    done();
  });
}

/** Throws TOO_MANY_REQUESTS when there is a time to wait, in seconds. */
export function refuseAfter(seconds: number | undefined): void {
  if (seconds === undefined) return;
  const retryAfterSeconds = Math.max(1, Math.ceil(seconds));
  const message = `Too many requests: try again in ${retryAfterSeconds} seconds`;
  throw new RegistrarError('TOO_MANY_REQUESTS', message, { retryAfterSeconds });
}
