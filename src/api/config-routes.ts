import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isJsonObject } from '../lib/merge-patch.js';
import { RegistrarError } from '../model/errors.js';
import { API_VERSION, GROUP } from '../model/names.js';
import type { ConfigStatus } from '../triggers/config/status.js';
import { requireAccess } from './access/access-control.js';
import { readBody } from './requests/body.js';
import { auditEntryOf } from './audit/audit-entry.js';
import type { ApiDeps } from './deps.js';
import { endpoint } from './endpoint.js';
import { badRequest } from './refusals.js';

const DELETION = { verb: 'delete', group: GROUP, resource: 'modules' } as const;

/** Serves what the config directory says about itself, and the answer to its prune brake. */
export function configRoutes(server: FastifyInstance, { config, registry }: ApiDeps): void {
  endpoint(server, '/configz', { GET: () => statusOf(config) });
  endpoint(server, '/configz/confirm-prune', {
    POST: async (request) => {
      if (config === undefined) {
        throw new RegistrarError('CONFLICT', 'No config directory is watched, so nothing is held');
      }
      const names = confirmedIn(request) ?? config.held()?.modules;
      for (const name of names ?? []) requireAccess(request, { ...DELETION, name });
      // Before anything is deleted; the deletions have lines of their own.
      const asked = { ...auditEntryOf(request), name: names?.join(',') ?? '' };
      await registry.audit.append(asked, { code: 200, reason: 'OK' });
      const deleted = await config.confirmPrune(names);
      return { ...statusOf(config), deleted };
    },
  });
}

/** The modules that a client agrees to lose: `{"modules": ["web"]}`, all that are held without. */
function confirmedIn(request: FastifyRequest): readonly string[] | undefined {
  const body = readBody(request) ?? {};
  if (!isJsonObject(body)) throw badRequest('The body must be an object such as {"modules": []}');
  const { modules } = body;
  const isList = Array.isArray(modules) && modules.every((name) => typeof name === 'string');
  if (modules === undefined || isList) return modules;
  throw badRequest('The modules must be a list of names');
}

/** JSON form of ConfigStatus; `directory` is absent when none is watched. */
function statusOf(config: ConfigStatus | undefined): object {
  const head = { kind: 'ConfigStatus', apiVersion: API_VERSION };
  if (config === undefined) return { ...head, problems: [] };
  const held = config.held();
  return {
    ...head,
    directory: config.directory,
    problems: config.problems(),
    ...(held !== undefined && { held }),
  };
}
