import { CONTAINER } from '../../kinds/pod/derive.js';
import type { Pod } from '../../kinds/pod/schema.js';
import type { Run } from '../../controller/usage-meter.js';
import { timestamp } from '../../lib/clock.js';
import { formatDuration } from '../../lib/duration.js';
import type { Usage } from '../../model/usage.js';

/** Group and version of what tells how much pods use. */
export const METRICS = { group: 'metrics.k8s.io', version: 'v1beta1' } as const;
export const METRICS_VERSION = `${METRICS.group}/${METRICS.version}`;

/** How much a pod uses, in the form of Kubernetes' metrics API. */
export function podMetrics({ metadata }: Pod, usage: Usage): object {
  const { name, namespace, labels } = metadata;
  const time = timestamp(usage.at);
  return {
    kind: 'PodMetrics',
    apiVersion: METRICS_VERSION,
    metadata: { name, namespace, labels, creationTimestamp: time },
    timestamp: time,
    window: formatDuration(usage.windowMs),
    containers: [{ name: CONTAINER, usage: quantitiesOf(usage) }],
  };
}

export const podMetricsList = (items: readonly object[]): object => ({
  ...{ kind: 'PodMetricsList', apiVersion: METRICS_VERSION, metadata: {}, items },
});

const quantitiesOf = ({ nanoCpus, memoryBytes }: Usage): { cpu: string; memory: string } => ({
  cpu: `${nanoCpus}n`,
  memory: `${Math.ceil(memoryBytes / 1024)}Ki`,
});

/** The run of the container of a pod; undefined when it does not run. */
export function runOf({ status }: Pod): Run | undefined {
  const [container] = status.containerStatuses;
  const startedAt = container?.state.running?.startedAt;
  const containerId = container?.containerID.replace(/^docker:\/\//, '');
  if (startedAt === undefined || containerId === undefined) return undefined;
  return { containerId, startedAt };
}
