import { SECRET } from '../model/kinds.js';
import { LAST_APPLIED_ANNOTATION } from '../model/names.js';
import { stableJson } from '../model/stable-json.js';
import { isJsonObject } from '../lib/merge-patch.js';
import { withoutNulls } from './three-way.js';
import type { JsonObject } from '../lib/merge-patch.js';

export const LAST_APPLIED = LAST_APPLIED_ANNOTATION;

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
  return withAnnotations(inBase64(rest), annotations);
}

/** A Secret with its texts where the server has them, so that one that is left out is noticed. */
function inBase64(manifest: JsonObject): JsonObject {
  const { stringData, data, ...rest } = manifest;
  const isPlain = manifest['kind'] !== SECRET.kind || !isJsonObject(stringData);
  // What is no text is for the server to refuse.
  if (isPlain || !Object.values(stringData).every(isText)) return manifest;
  const texts = Object.entries(stringData as Record<string, string>);
  const values = texts.map(([key, text]) => [key, Buffer.from(text).toString('base64')] as const);
  return { ...rest, data: { ...(isJsonObject(data) && data), ...Object.fromEntries(values) } };
}

const isText = (value: unknown): value is string => typeof value === 'string';

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
