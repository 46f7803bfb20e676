import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isJsonObject } from '../lib/merge-patch.js';
import { API_VERSION } from '../model/names.js';
import { auditEntryOf } from './audit/audit-entry.js';
import type { ApiDeps } from './deps.js';
import { endpoint } from './endpoint.js';
import { badRequest } from './refusals.js';
import { readBody } from './requests/body.js';

const OK = { code: 200, reason: 'OK' };
const HEAD = { kind: 'CleanUp', apiVersion: API_VERSION };

/** Serves what nothing needs any more, and its removal. */
export function cleanUpRoutes(server: FastifyInstance, { operations, registry }: ApiDeps): void {
  endpoint(server, '/gcz', {
    GET: async () => ({ ...HEAD, ...(await operations.cleanUp(true)) }),
  });
  endpoint(server, '/gcz/collect', {
    POST: async (request) => {
      // Before anything is removed.
      await registry.audit.append(auditEntryOf(request), OK);
      return { ...HEAD, ...(await operations.cleanUp(false)) };
    },
  });
  endpoint(server, '/gcz/remove-volume', {
    POST: async (request) => {
      const name = nameIn(request);
      const entry = { ...auditEntryOf(request), name };
      await operations.removeVolume(name, () => registry.audit.append(entry, OK));
      return { ...HEAD, removedVolume: name };
    },
  });
}

/** A client names what it agrees to lose: `{"name": "registrar-1234abcd_web_state"}`. */
function nameIn(request: FastifyRequest): string {
  const body = readBody(request);
  if (isJsonObject(body) && typeof body['name'] === 'string') return body['name'];
  throw badRequest('The body must be an object such as {"name": "registrar-1234abcd_web_state"}');
}
