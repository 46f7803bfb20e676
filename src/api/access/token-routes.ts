import type { FastifyInstance, FastifyRequest } from 'fastify';
import { KINDS } from '../../kinds/registered.js';
import { rotated, withSecret } from '../../kinds/token/issue.js';
import { newSecret } from '../../kinds/token/secret.js';
import { isJsonObject } from '../../lib/merge-patch.js';
import { auditEntryOf } from '../audit/audit-entry.js';
import type { ApiDeps } from '../deps.js';
import { endpoint } from '../endpoint.js';
import { badRequest } from '../refusals.js';
import { readBody } from '../requests/body.js';
import { isDryRun } from '../requests/query.js';
import type { Query } from '../requests/query.js';
import { nameOf, sendJson } from '../resources/kind-context.js';
import { groupPath } from '../resources/resource-routes.js';

/** Longest time that a secret stays valid beside the one that replaces it. */
const MAX_OVERLAP_SECONDS = 30 * 24 * 3600;

/** Serves what a Token has beyond other kinds: a new secret in place of the one there is. */
export function tokenRoutes(server: FastifyInstance, { registry, clock }: ApiDeps): void {
  const { group, plural } = KINDS.Token;
  const url = `${groupPath(KINDS.Token)}/${plural}/:name/rotate`;
  endpoint(
    server,
    { url, group, resource: `${plural}/rotate` },
    {
      POST: async (request, reply) => {
        const overlapMs = overlapSecondsIn(request) * 1000;
        const dryRun = isDryRun(request.query as Query);
        const secret = newSecret();
        const { stored } = await registry.update(
          'Token',
          nameOf(request),
          (token) => ({
            ...token,
            status: rotated(token, secret, { now: clock.now(), overlapMs }),
          }),
          { dryRun, subresource: 'status', audit: auditEntryOf(request) },
        );
        if (dryRun) return sendJson(reply, 201, stored.json);
        return sendJson(reply, 201, JSON.stringify(withSecret(stored.object, secret)));
      },
    },
  );
}

/** `{"overlapSeconds": 3600}`, 0 without a body: how long the secrets there are stay valid. */
function overlapSecondsIn(request: FastifyRequest): number {
  const body = readBody(request) ?? {};
  if (!isJsonObject(body)) throw badRequest('The body must be an object such as {}');
  const unknown = Object.keys(body).find((key) => key !== 'overlapSeconds');
  if (unknown !== undefined) throw badRequest('The body may only have the field overlapSeconds');
  const { overlapSeconds = 0 } = body;
  const isCount = typeof overlapSeconds === 'number' && Number.isInteger(overlapSeconds);
  if (isCount && overlapSeconds >= 0 && overlapSeconds <= MAX_OVERLAP_SECONDS) {
    return overlapSeconds;
  }
  throw badRequest(`overlapSeconds must be a whole number from 0 to ${MAX_OVERLAP_SECONDS}`);
}
