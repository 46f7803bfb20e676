import type { FastifyInstance } from 'fastify';
import { validateModule } from '../manifest/validate.js';
import { KINDS } from '../kinds/registered.js';
import { apiVersionOf } from '../model/kinds.js';
import type { ResourcePath } from './access/route-access.js';
import { readObject } from './requests/body.js';
import type { ApiDeps } from './deps.js';
import { endpoint } from './endpoint.js';
import type { Handler } from './endpoint.js';
import { checkType, withName } from './requests/identity.js';
import { nameOf, sendWarnings } from './resources/kind-context.js';
import type { Load } from './load.js';
import { limitBytes } from './pods/limit-bytes.js';
import { byteLimitOf, logRequestOf } from './pods/log-query.js';
import { countOf, fieldValidationOf } from './requests/query.js';
import type { Query } from './requests/query.js';
import { find } from './resources/reads.js';
import { groupPath } from './resources/resource-routes.js';
import { sendText } from './serving/text-stream.js';

const definition = KINDS.Module;
const apiVersion = apiVersionOf(definition);

/** Serves what a Module has beyond other kinds: its plan and its logs. */
export function moduleRoutes(server: FastifyInstance, deps: ApiDeps, load: Load): void {
  const { group, plural } = definition;
  const at = (part: string): ResourcePath => ({
    url: `${groupPath(definition)}/${plural}/:name/${part}`,
    ...{ group, resource: `${plural}/${part}` },
  });
  endpoint(server, at('plan'), { POST: planHandler(deps) });
  endpoint(server, at('log'), { GET: logHandler(deps, load) });
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
    const { actions, changes } = await operations.preview(manifest);
    sendWarnings(reply, warnings);
    return { apiVersion, kind: 'Plan', metadata: { name }, actions, changes };
  };
}

/** Output of the container in one slot of a module, as text. */
function logHandler(deps: ApiDeps, load: Load): Handler {
  return async (request, reply) => {
    const query = request.query as Query;
    const slot = countOf(query, 'slot') ?? 0;
    const [part, limit] = [logRequestOf(query), byteLimitOf(query)];
    const { name } = find({ deps, definition }, request).object.metadata;
    const lines = limitBytes(await deps.operations.logs(name, slot, part), limit);
    sendText({ lines, load, log: deps.log }, request, reply);
  };
}
