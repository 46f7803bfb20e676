import { isJsonObject } from '../../lib/merge-patch.js';
import type { JsonObject } from '../../lib/merge-patch.js';
import { sealedAnnotations } from './seal-annotations.js';
import { sealedMap } from './seal-map.js';
import type { Sealing } from './seal-map.js';

/**
 * What a client sent of a Secret, an object or a merge patch, with fingerprints in the place of its
 * values: also in what clients remember of it in an annotation. Nothing behind this sees a value.
 * Texts become part of `data`, and null stays, as it removes in a patch. Throws INVALID, without
 * quoting anything that may be a value.
 */
export function sealValues(sent: JsonObject, keep: Sealing['keep']): JsonObject {
  const { data, stringData, metadata, ...rest } = sent;
  const sealing: Sealing = { keep, name: nameIn(metadata), given: [] };
  const sealed = sealedData(sealing, data, stringData);
  return {
    ...rest,
    ...(sealed !== undefined && { data: sealed }),
    ...(metadata !== undefined && { metadata: sealedAnnotations(metadata, sealing) }),
  };
}

/** Both fields in one; undefined when neither is given. */
function sealedData(
  sealing: Sealing,
  data: unknown,
  stringData: unknown,
): JsonObject | null | undefined {
  const values = sealedMap(sealing, 'data', data);
  const texts = sealedMap(sealing, 'stringData', stringData);
  return texts === undefined || texts === null ? values : { ...values, ...texts };
}

const nameIn = (metadata: unknown): string =>
  isJsonObject(metadata) && typeof metadata['name'] === 'string' ? metadata['name'] : '';
