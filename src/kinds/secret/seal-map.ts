import { isJsonObject } from '../../lib/merge-patch.js';
import type { JsonObject } from '../../lib/merge-patch.js';
import type { FieldReason, RegistrarError } from '../../model/errors.js';
import { SECRET } from '../../model/kinds.js';
import { isFingerprint } from '../../model/secret.js';
import { invalidField } from '../refusals.js';

/** Where the values of one request go. */
export interface Sealing {
  /** Puts a value aside and gives the fingerprint that stands for it. */
  readonly keep: (value: Buffer) => string;
  /** Name of the object, for messages. */
  readonly name: string;
  /** The values that were given. */
  readonly given: { readonly key: string; readonly value: Buffer }[];
}

/** The bytes that a text stands for; undefined when it stands for none. */
type Read = (text: string) => Buffer | undefined;

/** How the values of the two fields are written. */
export const READERS = {
  data: fromBase64,
  stringData: (text) => Buffer.from(text),
} as const satisfies Record<string, Read>;

type Field = keyof typeof READERS;

/** The values of a field with their fingerprints in their place; null and undefined stay. */
export function sealedMap(
  sealing: Sealing,
  field: Field,
  map: unknown,
): JsonObject | null | undefined {
  if (map === undefined || map === null) return map;
  if (!isJsonObject(map)) {
    throw refusal(sealing, field, 'FieldValueTypeInvalid', 'Invalid value: expected object');
  }
  const sealed = Object.entries(map).map(
    ([key, value]) => [key, sealedValue(sealing, field, key, value)] as const,
  );
  return Object.fromEntries(sealed);
}

/** A fingerprint was read and is written back: the value stays. In a patch null removes it. */
function sealedValue(sealing: Sealing, field: Field, key: string, text: unknown): string | null {
  if (text === null || (typeof text === 'string' && isFingerprint(text))) return text;
  const path = `${field}["${key}"]`;
  if (typeof text !== 'string') {
    const message = 'Invalid value: expected string in quotes';
    throw refusal(sealing, path, 'FieldValueTypeInvalid', message);
  }
  const value = READERS[field](text);
  if (value === undefined) {
    const message = 'Invalid value: expected a value in base64; "stringData" takes it as text';
    throw refusal(sealing, path, 'FieldValueInvalid', message);
  }
  sealing.given.push({ key, value });
  return sealing.keep(value);
}

/** In base64, broken into lines or not. */
function fromBase64(text: string): Buffer | undefined {
  const plain = text.replaceAll(/[\r\n]/g, '');
  const bytes = Buffer.from(plain, 'base64');
  return bytes.toString('base64') === plain ? bytes : undefined;
}

/** INVALID for a field, in words that quote no value. */
export const refusal = (
  { name }: Pick<Sealing, 'name'>,
  field: string,
  reason: FieldReason,
  message: string,
): RegistrarError => invalidField(SECRET, name, { field, message, reason });
