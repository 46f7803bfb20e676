import { invalidField } from '../../kinds/refusals.js';
import type { Secret, SecretStatus } from '../../kinds/secret/schema.js';
import { sameJson } from '../../lib/same-json.js';
import type { RegistrarError } from '../../model/errors.js';
import { SECRET } from '../../model/kinds.js';
import { MAX_SECRET_BYTES } from '../../model/secret.js';
import type { AnyObject } from '../stored.js';

/** An object that is to be stored, and which of its values come and go. */
export interface WithValues {
  /** With a status that tells of the values. */
  readonly object: AnyObject;
  readonly changed: readonly Given[];
  /** Keys that it has no longer. */
  readonly removed: readonly string[];
}

interface Given {
  readonly key: string;
  readonly value: Buffer;
}

/**
 * What a write does to the values of a Secret; nothing to any other object. Throws INVALID for a
 * fingerprint that stands for no value of the key, and for values that are too large together.
 */
export function withValues(
  before: AnyObject | undefined,
  object: AnyObject,
  given: ReadonlyMap<string, Buffer> = new Map(),
  { now }: { readonly now: string },
): WithValues {
  const stays = { object, changed: [], removed: [] };
  if (object.kind !== 'Secret') return stays;
  const old = before?.kind === 'Secret' ? before : undefined;
  if (old !== undefined && sameJson(old.data, object.data)) return stays;
  const had = new Map(Object.entries(old?.data ?? {}));
  const changed = Object.entries(object.data)
    .filter(([key, fingerprint]) => had.get(key) !== fingerprint)
    .map(([key]) => ({ key, value: valueOf(object, key, given) }));
  const removed = [...had.keys()].filter((key) => !Object.hasOwn(object.data, key));
  const status = statusAfter(object, changed, now);
  return { object: { ...object, status }, changed, removed };
}

function valueOf(secret: Secret, key: string, given: ReadonlyMap<string, Buffer>): Buffer {
  const value = given.get(secret.data[key] ?? '');
  if (value !== undefined) return value;
  const sentence = 'it stands for another value than that of the key: give the value';
  throw refusal(secret, `data["${key}"]`, sentence);
}

/** The status of the object is still that from before the write. */
function statusAfter(secret: Secret, changed: readonly Given[], now: string): SecretStatus {
  const revision = secret.status.revision + 1;
  const told = changed.map(({ key, value }) => {
    return [key, { bytes: value.length, revision, changedAt: now }] as const;
  });
  const stayed = Object.entries(secret.status.keys).filter(([key]) =>
    Object.hasOwn(secret.data, key),
  );
  const keys = Object.fromEntries([...stayed, ...told]);
  const bytes = Object.values(keys).reduce((sum, one) => sum + one.bytes, 0);
  if (bytes <= MAX_SECRET_BYTES) return { revision, keys };
  throw refusal(secret, 'data', `expected at most ${MAX_SECRET_BYTES} bytes in all`);
}

function refusal({ metadata }: Secret, field: string, sentence: string): RegistrarError {
  const message = `Invalid value: ${sentence}`;
  return invalidField(SECRET, metadata.name, { field, message, reason: 'FieldValueInvalid' });
}
