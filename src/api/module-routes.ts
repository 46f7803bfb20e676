import type { FastifyInstance } from 'fastify';
import { validateModule } from '../manifest/validate.js';
import { KINDS } from '../kinds/registered.js';
import { RegistrarError } from '../model/errors.js';
import { apiVersionOf } from '../model/kinds.js';
import type { Module } from '../model/module.js';
import type { ResourcePath } from './access/route-access.js';
import { readObject } from './requests/body.js';
import type { ApiDeps } from './deps.js';
import { endpoint } from './endpoint.js';
import type { Handler } from './endpoint.js';
import { checkType, withName } from './requests/identity.js';
import { nameOf, sendJson, sendWarnings } from './resources/kind-context.js';
import type { Load } from './load.js';
import { limitBytes } from '../lib/limit-bytes.js';
import { byteLimitOf, logRequestOf } from './pods/log-query.js';
import { countOf, fieldValidationOf, flagOf } from './requests/query.js';
import type { Query } from './requests/query.js';
import { find } from './resources/reads.js';
import { groupPath } from './resources/resource-routes.js';
import { sendText } from './serving/text-stream.js';

const definition = KINDS.Module;
const apiVersion = apiVersionOf(definition);

/** Serves what a Module has beyond other kinds: its plan, its logs and its report. */
export function moduleRoutes(server: FastifyInstance, deps: ApiDeps, load: Load): void {
  const { group, plural } = definition;
  const at = (part: string): ResourcePath => ({
    url: `${groupPath(definition)}/${plural}/:name/${part}`,
    ...{ group, resource: `${plural}/${part}` },
  });
  endpoint(server, at('plan'), { POST: planHandler(deps) });
  endpoint(server, at('log'), { GET: logHandler(deps, load) });
  endpoint(server, at('buildlog'), { GET: buildLogHandler(deps, load) });
  endpoint(server, at('trust'), { GET: trustHandler(deps) });
  endpoint(server, at('verification'), { GET: verificationHandler(deps) });
}

/** What Registrar would do if the Module in the body were applied now. */
function planHandler({ operations }: ApiDeps): Handler {
  return async (request, reply) => {
    const name = nameOf(request);
    const { status: _status, ...sent } = readObject(request);
    checkType(sent, { apiVersion, kind: definition.kind });
    const { manifest, warnings } = validateModule(withName(sent, name), {
      unknownFields: fieldValidationOf(request.query as Query),
    });
    const { cautions = [], ...plan } = await operations.preview(manifest);
    sendWarnings(reply, [...warnings, ...cautions]);
    return { apiVersion, kind: 'Plan', metadata: { name }, ...plan };
  };
}

/** Output of the container in one slot of a module, as text. */
function logHandler(deps: ApiDeps, load: Load): Handler {
  return async (request, reply) => {
    const query = request.query as Query;
    const slot = countOf(query, 'slot') ?? 0;
    const [part, limit] = [logRequestOf(query), byteLimitOf(query)];
    const { name } = find({ deps, definition }, request).object.metadata;
    const lines = limitBytes(await deps.operations.logs(name, { slot }, part), limit);
    sendText({ lines, load, log: deps.log }, request, reply);
  };
}

/** What the last build of a module printed, as text. */
function buildLogHandler(deps: ApiDeps, load: Load): Handler {
  return (request, reply) => {
    const query = request.query as Query;
    const { name } = find({ deps, definition }, request).object.metadata;
    const log = deps.operations.buildLog(name, flagOf(query, 'follow') === true);
    sendText({ lines: limitBytes(log, byteLimitOf(query)), load, log: deps.log }, request, reply);
  };
}

/** The report about what a module is to run now. NOT_FOUND while nothing was verified. */
function verificationHandler(deps: ApiDeps): Handler {
  return (request, reply) => {
    const { metadata, status } = find({ deps, definition }, request).object as Module;
    const report = deps.registry.get('Report', status.verification?.report ?? '');
    if (report !== undefined) return sendJson(reply, 200, report.json);
    const message = `Module "${metadata.name}" has no report yet: the condition Verified tells why`;
    throw new RegistrarError('NOT_FOUND', message, { kind: definition.kind, name: metadata.name });
  };
}

/** From the repository of a module to its containers: each link, and whether it holds now. */
function trustHandler(deps: ApiDeps): Handler {
  return async (request) => {
    const module = find({ deps, definition }, request).object as Module;
    const { version, links } = await deps.operations.trust(module);
    const { name, uid } = module.metadata;
    return { apiVersion, kind: 'TrustChain', metadata: { name, uid }, version, links };
  };
}
