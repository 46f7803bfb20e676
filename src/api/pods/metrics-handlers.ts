import type { FastifyRequest } from 'fastify';
import type { Pod } from '../../kinds/pod/schema.js';
import { KINDS } from '../../kinds/registered.js';
import { printable } from '../../lib/printable.js';
import { RegistrarError } from '../../model/errors.js';
import type { ApiDeps } from '../deps.js';
import type { Handler } from '../endpoint.js';
import type { Query } from '../requests/query.js';
import { selectionOf } from '../requests/selection.js';
import { nameOf, namespaceOf } from '../resources/kind-context.js';
import { METRICS, podMetrics, podMetricsList, runOf } from './pod-metrics.js';

/** How much the pods use that a request selects. */
export function metricsListHandler(deps: ApiDeps): Handler {
  return async (request) => {
    const selection = selectionOf(request.query as Query, KINDS.Pod, namespaceOf(request));
    const pods = podsIn(deps).filter((pod) => selection.matches(pod));
    return podMetricsList(await measure(deps, pods));
  };
}

/** How much one pod uses. NOT_FOUND when it does not run. */
export function metricsHandler(deps: ApiDeps): Handler {
  return async (request) => {
    const name = nameOf(request);
    const pods = podsIn(deps).filter(({ metadata }) => metadata.name === name);
    const inNamespace = pods.filter(({ metadata }) => metadata.namespace === namespaceOf(request));
    const [metrics] = await measure(deps, inNamespace);
    if (metrics === undefined) throw noMetrics(request);
    return metrics;
  };
}

const podsIn = ({ registry }: Pick<ApiDeps, 'registry'>): Pod[] =>
  registry.list('Pod').items.map(({ object }) => object);

/** Pods that do not run are left out. */
async function measure({ operations }: ApiDeps, pods: readonly Pod[]): Promise<object[]> {
  const runs = pods.map(runOf).filter((run) => run !== undefined);
  const usages = await operations.usage(runs);
  return pods.flatMap((pod) => {
    const usage = usages.get(runOf(pod)?.containerId ?? '');
    return usage === undefined ? [] : [podMetrics(pod, usage)];
  });
}

function noMetrics(request: FastifyRequest): RegistrarError {
  const name = printable(nameOf(request));
  const message = `pods.${METRICS.group} "${name}" not found`;
  return new RegistrarError('NOT_FOUND', message, { name, group: METRICS.group, kind: 'pods' });
}
