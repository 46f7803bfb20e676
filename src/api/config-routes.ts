import type { FastifyInstance, FastifyRequest } from 'fastify';
import { KINDS } from '../kinds/registered.js';
import { isJsonObject } from '../lib/merge-patch.js';
import { RegistrarError } from '../model/errors.js';
import { DECLARED, keyText } from '../model/kinds.js';
import type { ObjectKey } from '../model/kinds.js';
import { API_VERSION } from '../model/names.js';
import type { ConfigStatus } from '../triggers/config/status.js';
import { requireAccess } from './access/access-control.js';
import { readBody } from './requests/body.js';
import { auditEntryOf } from './audit/audit-entry.js';
import type { ApiDeps } from './deps.js';
import { endpoint } from './endpoint.js';
import { badRequest } from './refusals.js';

/** Serves what the config directory says about itself, and the answer to its prune brake. */
export function configRoutes(server: FastifyInstance, { config, registry }: ApiDeps): void {
  endpoint(server, '/configz', { GET: () => statusOf(config) });
  endpoint(server, '/configz/confirm-prune', {
    POST: async (request) => {
      if (config === undefined) {
        throw new RegistrarError('CONFLICT', 'No config directory is watched, so nothing is held');
      }
      const objects = confirmedIn(request) ?? config.held()?.objects;
      for (const object of objects ?? []) requireAccess(request, deletionOf(object));
      // Before anything is deleted; the deletions have lines of their own.
      const asked = { ...auditEntryOf(request), name: objects?.map(keyText).join(',') ?? '' };
      await registry.audit.append(asked, { code: 200, reason: 'OK' });
      const deleted = await config.confirmPrune(objects);
      return { ...statusOf(config), deleted };
    },
  });
}

/** What a client agrees to lose: `{"objects": [{"kind": "Module", "name": "web"}]}`; all without. */
function confirmedIn(request: FastifyRequest): readonly ObjectKey[] | undefined {
  const body = readBody(request) ?? {};
  if (!isJsonObject(body)) throw badRequest('The body must be an object such as {"objects": []}');
  const { objects } = body;
  if (objects === undefined) return undefined;
  if (Array.isArray(objects) && objects.every(isObjectKey)) return objects;
  throw badRequest(
    'The objects must be a list such as [{"kind": "Module", "name": "web"}], of kinds that files declare',
  );
}

const isObjectKey = (value: unknown): value is ObjectKey =>
  isJsonObject(value) &&
  DECLARED.some(({ kind }) => kind === value['kind']) &&
  typeof value['name'] === 'string';

const deletionOf = ({ kind, name }: ObjectKey) => {
  const { group, plural } = KINDS[kind];
  return { verb: 'delete', group, resource: plural, name } as const;
};

/** JSON form of ConfigStatus; `directory` is absent when none is watched. */
function statusOf(config: ConfigStatus | undefined): object {
  const head = { kind: 'ConfigStatus', apiVersion: API_VERSION };
  if (config === undefined) return { ...head, problems: [] };
  const held = config.held();
  const policyProblem = config.policyProblem();
  return {
    ...head,
    directory: config.directory,
    problems: config.problems(),
    ...(held !== undefined && { held }),
    ...(policyProblem !== undefined && { policyProblem }),
  };
}
