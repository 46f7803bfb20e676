import { isJsonObject } from '../../lib/merge-patch.js';
import type { JsonObject } from '../../lib/merge-patch.js';
import { LAST_APPLIED_ANNOTATION } from '../../model/names.js';
import { stableJson } from '../../model/stable-json.js';
import { refusal, sealedMap } from './seal-map.js';
import type { Sealing } from './seal-map.js';

/** Shorter values turn up in texts by chance. */
const MIN_TELLING_BYTES = 8;

/**
 * Metadata without a value: in what a client remembers of its last apply there are fingerprints
 * instead, each where the value was, so that the client can compare as it always does. Throws
 * INVALID for a value in any other annotation or label.
 */
export function sealedAnnotations(metadata: unknown, sealing: Sealing): unknown {
  if (!isJsonObject(metadata)) return metadata;
  const { annotations, labels } = metadata;
  refuseValues('labels', labels, sealing);
  if (!isJsonObject(annotations)) return metadata;
  const { [LAST_APPLIED_ANNOTATION]: record, ...others } = annotations;
  refuseValues('annotations', others, sealing);
  const sealed = typeof record === 'string' ? sealedRecord(record, sealing) : record;
  const kept = sealed === undefined ? {} : { [LAST_APPLIED_ANNOTATION]: sealed };
  return { ...metadata, annotations: { ...others, ...kept } };
}

/** Of a record only what a Secret has is kept; nothing when nobody can tell what is in it. */
function sealedRecord(record: string, sealing: Sealing): string | undefined {
  const applied = parsed(record);
  if (applied === undefined) return undefined;
  const { apiVersion, kind, type, data, stringData, metadata } = applied;
  const kept = {
    ...{ apiVersion, kind, type },
    data: sealedMap(sealing, 'data', data),
    stringData: sealedMap(sealing, 'stringData', stringData),
    metadata: sealedAnnotations(metadata, sealing),
  };
  return `${stableJson(kept)}\n`;
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function refuseValues(field: string, texts: unknown, sealing: Sealing): void {
  if (!isJsonObject(texts)) return;
  for (const [name, text] of Object.entries(texts)) {
    if (typeof text !== 'string') continue;
    const found = sealing.given.find(({ value }) =>
      formsOf(value).some((form) => text.includes(form)),
    );
    if (found === undefined) continue;
    const message = `Forbidden: it holds the value of key "${found.key}": leave it out`;
    throw refusal(sealing, `metadata.${field}["${name}"]`, 'FieldValueForbidden', message);
  }
}

/** How a value may stand in a text. */
function formsOf(value: Buffer): string[] {
  if (value.length < MIN_TELLING_BYTES) return [];
  const text = value.toString();
  return [text, JSON.stringify(text).slice(1, -1), value.toString('base64')];
}
