import type { FastifyRequest } from 'fastify';
import type { JsonObject } from '../../lib/merge-patch.js';
import type { KindContext } from './kind-context.js';

const kept = new WeakMap<FastifyRequest, Map<string, Buffer>>();

/**
 * What a client sent, an object or a merge patch, without the values that its kind does not keep in
 * objects: they are put aside until the write. What went through before goes through as it is.
 */
export function sealed(
  { definition, deps }: Pick<KindContext, 'definition' | 'deps'>,
  request: FastifyRequest,
  sent: JsonObject,
): JsonObject {
  if (definition.seal === undefined) return sent;
  const values = valuesOf(request);
  return definition.seal(sent, (value) => {
    const fingerprint = deps.registry.secrets.fingerprint(value);
    values.set(fingerprint, value);
    return fingerprint;
  });
}

/** The values that were put aside of a request so far, and will be: by what stands for each. */
export function valuesOf(request: FastifyRequest): Map<string, Buffer> {
  const values = kept.get(request) ?? new Map<string, Buffer>();
  kept.set(request, values);
  return values;
}
