import type { FastifyInstance } from 'fastify';
import { DEFINITIONS } from '../../kinds/registered.js';
import { endpoint } from '../endpoint.js';
import { chooseForm, mediaTypeOf, PLAIN } from '../requests/accept.js';
import { AGGREGATED_FORMS, aggregatedDiscovery } from './aggregated.js';
import { basePath, byGroupVersion } from './api-resource.js';
import type { GroupVersion } from './api-resource.js';
import { jsonDocument, sendDocument } from './document.js';
import { EXTRA_RESOURCES } from './extra-resources.js';
import { resourcesOf } from './kind-resources.js';
import { apiGroup, apiGroupList, apiResourceList, apiVersions } from './plain.js';
import { versionInfo } from './version-info.js';

/** Everything that is served, by group version. */
const GROUPS = byGroupVersion([...DEFINITIONS.flatMap(resourcesOf), ...EXTRA_RESOURCES]);

/** Serves what clients ask to learn which kinds there are. It depends on the state of nothing. */
export function discoveryRoutes(server: FastifyInstance, productVersion: string): void {
  const named = GROUPS.filter(({ group }) => group !== '');
  const core = GROUPS.filter(({ group }) => group === '');
  serve(server, '/version', versionInfo(productVersion));
  serveBoth(server, '/api', apiVersions(), core);
  serveBoth(server, '/apis', apiGroupList(named), named);
  for (const group of named) serve(server, `/apis/${group.group}`, apiGroup(group));
  for (const group of GROUPS) serve(server, basePath(group), apiResourceList(group));
}

function serve(server: FastifyInstance, path: string, answer: object): void {
  const document = jsonDocument(answer);
  endpoint(server, path, { GET: (request, reply) => sendDocument(document, request, reply) });
}

/**
 * Serves the plain form, or all of the groups at once to a client that would rather have that. One
 * that accepts neither gets the plain form: clients do not recover from a refusal here.
 */
function serveBoth(
  server: FastifyInstance,
  path: string,
  plain: object,
  groups: readonly GroupVersion[],
): void {
  const documents = new Map(
    AGGREGATED_FORMS.map((form) => [
      form.version,
      jsonDocument(aggregatedDiscovery(groups, form.version), mediaTypeOf(form)),
    ]),
  );
  const fallback = jsonDocument(plain);
  endpoint(server, path, {
    GET: (request, reply) => {
      const form = chooseForm(request.headers.accept, AGGREGATED_FORMS) ?? PLAIN;
      const document = form === PLAIN ? fallback : documents.get(form.version);
      return sendDocument(document ?? fallback, request, reply);
    },
  });
}
