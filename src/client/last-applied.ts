import { stableJson } from '../model/revision.js';
import { isJsonObject } from '../lib/merge-patch.js';
import { withoutNulls } from './three-way.js';
import type { JsonObject } from '../lib/merge-patch.js';

/** kubectl's name, so that both tools can apply the same module in turn. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

const metadataOf = (object: JsonObject): JsonObject =>
  isJsonObject(object['metadata']) ? object['metadata'] : {};

const annotationsOf = (object: JsonObject): JsonObject => {
  const annotations = metadataOf(object)['annotations'];
  return isJsonObject(annotations) ? annotations : {};
};

const withAnnotations = (object: JsonObject, annotations: JsonObject): JsonObject => ({
  ...object,
  metadata: { ...metadataOf(object), annotations },
});

/** A manifest ready to compare: no nulls, no status, no record of an earlier apply. */
export function toApply(manifest: JsonObject): JsonObject {
  const { status: _, ...rest } = withoutNulls(manifest) as Record<string, unknown>;
  const { [LAST_APPLIED]: __, ...annotations } = annotationsOf(rest);
  return withAnnotations(rest, annotations);
}

/** Go escapes these in JSON; the record must be byte for byte what kubectl would write. */
const goEscape = (json: string): string =>
  json.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** The manifest with the record of itself. */
export function withLastApplied(manifest: JsonObject): JsonObject {
  const record = `${goEscape(stableJson(manifest))}\n`;
  return withAnnotations(manifest, { ...annotationsOf(manifest), [LAST_APPLIED]: record });
}

/** The manifest that was applied last; empty when there is no readable record. */
export function lastApplied(live: JsonObject): JsonObject {
  const record = annotationsOf(live)[LAST_APPLIED];
  if (typeof record !== 'string') return {};
  try {
    const parsed: unknown = JSON.parse(record);
    return isJsonObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}
