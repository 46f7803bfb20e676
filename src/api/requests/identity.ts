import { randomInt } from 'node:crypto';
import { printable } from '../../lib/printable.js';
import type { KindNames } from '../../model/kinds.js';
import type { Preconditions } from '../../registry/registry.js';
import { isJsonObject } from '../../lib/merge-patch.js';
import type { JsonObject } from '../../lib/merge-patch.js';
import { invalidField } from '../../kinds/refusals.js';
import { badRequest } from '../refusals.js';

/** Throws BAD_REQUEST when an object is not of the type that its path holds. */
export function checkType(
  object: JsonObject,
  expected: { readonly apiVersion: string; readonly kind: string },
): void {
  for (const field of ['apiVersion', 'kind'] as const) {
    const actual = object[field];
    if (actual === expected[field]) continue;
    const found = typeof actual === 'string' ? `"${printable(actual)}"` : 'missing';
    throw badRequest(
      `The ${field} of the object is ${found}, this path takes "${expected[field]}"`,
    );
  }
}

/** The object with the name of its path, when it has none. Throws BAD_REQUEST for another name. */
export function withName(object: JsonObject, name: string): JsonObject {
  const metadata = object['metadata'] ?? {};
  if (!isJsonObject(metadata)) throw badRequest('The metadata of the object must be an object');
  const given = metadata['name'] ?? name;
  if (given === name) return { ...object, metadata: { ...metadata, name } };
  const shown = typeof given === 'string' ? printable(given) : typeof given;
  const message = `The name of the object (${shown}) does not match the name on the URL (${printable(name)})`;
  throw badRequest(message);
}

/** The object in the namespace of its path. Throws BAD_REQUEST for another one. */
export function withNamespace(object: JsonObject, namespace: string | undefined): JsonObject {
  const { metadata } = object;
  if (namespace === undefined || !isJsonObject(metadata)) return object;
  const given = metadata['namespace'] ?? namespace;
  if (given === namespace || given === '') {
    return { ...object, metadata: { ...metadata, namespace } };
  }
  const shown = typeof given === 'string' ? printable(given) : typeof given;
  const message = `The namespace of the object (${shown}) does not match the namespace on the URL (${printable(namespace)})`;
  throw badRequest(message);
}

const SUFFIX_LENGTH = 5;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** The object with a name made from `metadata.generateName`, when that is all it has. */
export function withGeneratedName(object: JsonObject): JsonObject {
  const { metadata } = object;
  if (!isJsonObject(metadata)) return object;
  const { name, generateName: prefix } = metadata;
  if ((name !== undefined && name !== '') || typeof prefix !== 'string') return object;
  const characters = Array.from(
    { length: SUFFIX_LENGTH },
    () => ALPHABET[randomInt(ALPHABET.length)],
  );
  return { ...object, metadata: { ...metadata, name: prefix + characters.join('') } };
}

/** What a written object says about the state it was made from. */
export function preconditionsOf(object: JsonObject): Preconditions {
  const metadata = isJsonObject(object['metadata']) ? object['metadata'] : {};
  return { uid: textAt(metadata, 'uid'), resourceVersion: textAt(metadata, 'resourceVersion') };
}

function textAt(metadata: JsonObject, field: string): string | undefined {
  const value = metadata[field] ?? '';
  if (typeof value === 'string') return value === '' ? undefined : value;
  throw badRequest(`metadata.${field} must be text`);
}

/** Throws INVALID when an update does not say which state it replaces. */
export function requireVersion(definition: KindNames, name: string, expected: Preconditions): void {
  if (expected.resourceVersion !== undefined) return;
  throw invalidField(definition, name, {
    field: 'metadata.resourceVersion',
    message: 'Invalid value: "": must be specified for an update',
    reason: 'FieldValueInvalid',
  });
}
