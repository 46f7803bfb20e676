import type { FastifyInstance } from 'fastify';
import type { AuditFilter } from '../../model/audit.js';
import { API_VERSION } from '../../model/names.js';
import type { ApiDeps } from '../deps.js';
import { endpoint } from '../endpoint.js';
import { badRequest } from '../refusals.js';
import { countOf, textOf } from '../requests/query.js';
import type { Query } from '../requests/query.js';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

/** Serves the audit: its lines, and whether they are as they were written. */
export function auditRoutes(server: FastifyInstance, deps: ApiDeps): void {
  const { audit } = deps.registry;
  endpoint(server, '/auditz', {
    GET: async (request) => {
      const items = await audit.list(filterOf(request.query as Query, deps.clock.now()));
      return { kind: 'AuditList', apiVersion: API_VERSION, items };
    },
  });
  endpoint(server, '/auditz/verify', {
    GET: async () => ({
      ...{ kind: 'AuditVerification', apiVersion: API_VERSION },
      ...(await audit.verify()),
    }),
  });
}

function filterOf(query: Query, nowMs: number): AuditFilter {
  const limit = countOf(query, 'limit') ?? DEFAULT_LIMIT;
  if (limit < 1 || limit > MAX_LIMIT) throw badRequest(`The limit must be from 1 to ${MAX_LIMIT}`);
  const sinceSeconds = countOf(query, 'sinceSeconds');
  return {
    ...{ user: textOf(query, 'user'), verb: textOf(query, 'verb'), name: textOf(query, 'name') },
    ...{ resource: textOf(query, 'resource'), result: textOf(query, 'result') },
    sinceMs: sinceSeconds === undefined ? undefined : nowMs - sinceSeconds * 1000,
    before: countOf(query, 'before'),
    limit,
  };
}
