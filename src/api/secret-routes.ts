import type { FastifyInstance } from 'fastify';
import { API_VERSION } from '../model/names.js';
import { auditEntryOf } from './audit/audit-entry.js';
import type { ApiDeps } from './deps.js';
import { endpoint } from './endpoint.js';

/** Serves what concerns the values of all Secrets: another key for them. */
export function secretRoutes(server: FastifyInstance, { registry }: ApiDeps): void {
  endpoint(server, '/secretz/rotate-keys', {
    POST: async (request) => ({
      ...{ kind: 'KeyRotation', apiVersion: API_VERSION },
      ...(await registry.rotateKeys(auditEntryOf(request))),
    }),
  });
}
