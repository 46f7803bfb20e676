import type { KindDefinition } from '../../kinds/definition.js';
import { KINDS } from '../../kinds/registered.js';
import type { KindName, Kinds } from '../../kinds/registered.js';
import { isJsonObject } from '../../lib/merge-patch.js';
import type { JsonObject } from '../../lib/merge-patch.js';
import { badRequest } from '../refusals.js';

export const SCALE_TYPE = { apiVersion: 'autoscaling/v1', kind: 'Scale' } as const;

/** The number of replicas of an object, as autoscalers and `kubectl scale` know it. */
export function scaleOf(object: Kinds[KindName]): JsonObject {
  const { name, uid, resourceVersion, creationTimestamp } = object.metadata;
  const definition: KindDefinition = KINDS[object.kind];
  const { wanted = 0, present = 0, selector = '' } = definition.scale?.(object) ?? {};
  return {
    ...SCALE_TYPE,
    metadata: { name, uid, resourceVersion, creationTimestamp },
    spec: { replicas: wanted },
    status: { replicas: present, selector },
  };
}

/** What a written Scale asks for; the schema of the kind judges it. */
export function replicasOf({ spec }: JsonObject): unknown {
  if (!isJsonObject(spec)) throw badRequest('The Scale must have a spec with the replicas');
  // Kubernetes' own clients leave out a zero.
  return spec['replicas'] ?? 0;
}
