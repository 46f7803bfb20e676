import type { FastifyRequest } from 'fastify';
import type { AuditEntry } from '../../model/audit.js';
import { resourceOf } from '../../model/kinds.js';
import { accessOf } from '../access/route-access.js';
import { isLocal } from '../serving/local-socket.js';

/** What Kubernetes calls those who have no credentials, or wrong ones. */
const NOBODY = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

/** Who sends a request, from where, and what for: what the audit says of it. */
export function auditEntryOf(request: FastifyRequest): AuditEntry {
  const { name: user, groups } = request.identity ?? NOBODY;
  const source = isLocal(request.raw.socket) ? 'socket' : request.ip;
  return { user, groups, source, ...whatOf(request), requestId: request.id };
}

function whatOf(
  request: FastifyRequest,
): Pick<AuditEntry, 'verb' | 'resource' | 'name' | 'namespace'> {
  const access = accessOf(request);
  // Nothing is served there: the path is all there is to tell. Its query may hold anything.
  const path = request.url.replace(/\?.*$/, '');
  if (access === undefined) {
    return { verb: request.method.toLowerCase(), resource: path, name: '', namespace: '' };
  }
  const { verb } = access;
  if ('path' in access) return { verb, resource: access.path, name: '', namespace: '' };
  const { group, name = '', namespace = '' } = access;
  const [plural = '', ...part] = access.resource.split('/');
  const resource = [resourceOf({ group, plural }), ...part].join('/');
  return { verb, resource, name, namespace };
}
