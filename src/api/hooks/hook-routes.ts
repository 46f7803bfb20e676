import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isLocal } from '../serving/local-socket.js';
import { TokenBuckets } from '../../lib/token-bucket.js';
import type { Rate } from '../../lib/token-bucket.js';
import { RegistrarError } from '../../model/errors.js';
import type { ApiDeps } from '../deps.js';
import { endpoint } from '../endpoint.js';
import { addressKey } from '../limits/address-key.js';
import { refuseAfter } from '../limits/rate-limits.js';
import { repositoriesIn } from './pushed.js';
import { isSignedWith } from './signature.js';

/** A busy forge pushes a few times a second. Whoever has no key may not use more of a processor. */
const OF_ONE_ADDRESS: Rate = { perSecond: 2, burst: 30 };
const OF_ALL: Rate = { perSecond: 10, burst: 60 };

/** Longest push that is read. Forges leave commits out of longer ones. */
const MAX_BYTES = 1024 * 1024;

/** The same for a wrong signature, an unknown repository and what is no push at all. */
const UNKNOWN =
  'Nothing follows such a repository with such a signature: compare the secret of the webhook with "token" of the Secret in spec.updates.webhookSecret';

/** Takes pushes of forges as a hint to look now. What they say is never believed beyond that. */
export function hookRoutes(
  server: FastifyInstance,
  { operations, clock }: Pick<ApiDeps, 'operations' | 'clock'>,
): void {
  const addresses = new TokenBuckets(OF_ONE_ADDRESS, clock);
  const all = new TokenBuckets(OF_ALL, clock);
  endpoint(server, '/hooks/git', {
    POST: (request, reply) => {
      const isOfSocket = isLocal(request.raw.socket);
      const ofAddress = isOfSocket ? undefined : addresses.take(addressKey(request.ip));
      refuseAfter(ofAddress ?? all.take(''));
      const { headers } = request;
      const body = bodyOf(request);
      const repositories = repositoriesIn(body, headers['content-type'] ?? '');
      const push = { headers, body, now: clock.now() };
      if (!operations.pushed(repositories, (key) => isSignedWith(push, key))) {
        throw new RegistrarError('UNAUTHORIZED', UNKNOWN);
      }
      return reply.code(202).type('text/plain; charset=utf-8').send('looking\n');
    },
  });
}

function bodyOf({ body }: FastifyRequest): Buffer {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  if (bytes.length <= MAX_BYTES) return bytes;
  throw new RegistrarError('TOO_LARGE', `Request entity too large: limit is ${MAX_BYTES}`);
}
