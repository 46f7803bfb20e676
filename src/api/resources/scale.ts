import type { KindName, Kinds } from '../../kinds/registered.js';
import { MODULE_LABEL } from '../../model/owner.js';
import { isJsonObject } from '../../lib/merge-patch.js';
import type { JsonObject } from '../../lib/merge-patch.js';
import { badRequest } from '../refusals.js';

export const SCALE_TYPE = { apiVersion: 'autoscaling/v1', kind: 'Scale' } as const;

/** The number of replicas of an object, as autoscalers and `kubectl scale` know it. */
export function scaleOf(object: Kinds[KindName]): JsonObject {
  const { name, uid, resourceVersion, creationTimestamp } = object.metadata;
  const { spec, status } = object as Partial<Kinds['Module']>;
  return {
    ...SCALE_TYPE,
    metadata: { name, uid, resourceVersion, creationTimestamp },
    spec: { replicas: spec?.replicas ?? 0 },
    status: { replicas: status?.replicas ?? 0, selector: `${MODULE_LABEL}=${name}` },
  };
}

/** What a written Scale asks for; the schema of the kind judges it. */
export function replicasOf({ spec }: JsonObject): unknown {
  if (!isJsonObject(spec)) throw badRequest('The Scale must have a spec with the replicas');
  // Kubernetes' own clients leave out a zero.
  return spec['replicas'] ?? 0;
}
