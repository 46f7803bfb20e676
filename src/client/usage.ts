import { MODULE_LABEL } from '../model/owner.js';
import type { Client } from './http.js';

/** What the server says of the usage of one pod. */
export interface PodMetrics {
  readonly metadata: { readonly name: string };
  readonly containers: readonly {
    readonly usage: { readonly cpu: string; readonly memory: string };
  }[];
}

const PATH = '/apis/metrics.k8s.io/v1beta1/namespaces/default/pods';

/** Usage of the pods of some modules, of all when none is named. */
export async function listUsage(
  client: Client,
  modules: readonly string[],
): Promise<readonly PodMetrics[]> {
  const labelSelector =
    modules.length === 0 ? undefined : `${MODULE_LABEL} in (${modules.join(',')})`;
  const answer = (await client.json({ path: PATH, query: { labelSelector } })) as {
    readonly items: readonly PodMetrics[];
  };
  return answer.items;
}
