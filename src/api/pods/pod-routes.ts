import type { FastifyInstance } from 'fastify';
import { KINDS } from '../../kinds/registered.js';
import type { ResourcePath } from '../access/route-access.js';
import { basePath } from '../discovery/api-resource.js';
import type { ApiDeps } from '../deps.js';
import { endpoint } from '../endpoint.js';
import type { Load } from '../load.js';
import { groupPath } from '../resources/resource-routes.js';
import { execHandlers } from './exec-handlers.js';
import { metricsHandler, metricsListHandler } from './metrics-handlers.js';
import { podLogHandler } from './pod-log.js';
import { METRICS } from './pod-metrics.js';

const CORE = groupPath(KINDS.Pod);

/** Serves what a Pod has beyond other kinds: its log, commands in it, and what it uses. */
export function podRoutes(server: FastifyInstance, deps: ApiDeps, load: Load): void {
  endpoint(server, partOfPod('log'), { GET: podLogHandler(deps, load) });
  endpoint(server, partOfPod('exec'), execHandlers(deps, load));
  metricsRoutes(server, deps);
  serviceRoutes(server, deps);
}

const partOfPod = (part: string): ResourcePath => ({
  url: `${CORE}/namespaces/:namespace/pods/:name/${part}`,
  ...{ group: '', resource: `pods/${part}` },
});

function metricsRoutes(server: FastifyInstance, deps: ApiDeps): void {
  const base = basePath(METRICS);
  const at = (path: string): ResourcePath => ({
    url: `${base}${path}`,
    ...{ group: METRICS.group, resource: 'pods' },
  });
  endpoint(server, at('/pods'), { GET: metricsListHandler(deps) });
  endpoint(server, at('/namespaces/:namespace/pods'), { GET: metricsListHandler(deps) });
  endpoint(server, at('/namespaces/:namespace/pods/:name'), { GET: metricsHandler(deps) });
}

/** There are none; `kubectl cluster-info` lists them. */
function serviceRoutes(server: FastifyInstance, { registry }: ApiDeps): void {
  for (const url of [`${CORE}/services`, `${CORE}/namespaces/:namespace/services`]) {
    const place = { url, group: '', resource: 'services' };
    endpoint(server, place, {
      GET: () => {
        const metadata = { resourceVersion: registry.resourceVersion };
        return { kind: 'ServiceList', apiVersion: 'v1', metadata, items: [] };
      },
    });
  }
}
