import type { FastifyInstance } from 'fastify';
import { API_VERSION } from '../model/names.js';
import { auditEntryOf } from './audit/audit-entry.js';
import type { ApiDeps } from './deps.js';
import { endpoint } from './endpoint.js';

/** Serves the answer to an engine that is not the one that modules ran on. */
export function engineRoutes(server: FastifyInstance, { operations }: ApiDeps): void {
  endpoint(server, '/enginez/accept', {
    POST: async (request) => ({
      ...{ kind: 'AcceptedEngine', apiVersion: API_VERSION },
      engineId: await operations.acceptEngine(auditEntryOf(request)),
    }),
  });
}
