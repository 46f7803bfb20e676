import { formatPath, type FieldPath } from '../lib/field-path.js';
import type { ModuleManifest } from '../model/module.js';
import type { Finding } from './finding.js';

/** Something about a manifest that the schema cannot say. */
export interface Rule<M = ModuleManifest> {
  /** Fields it looks at, such as `spec.ports`: it is left out when one of them has a wrong shape. */
  readonly reads: readonly string[];
  /** What is wrong; empty when nothing is. Pure. */
  readonly find: (manifest: M) => readonly Finding[];
}

/** A value that cannot stay as it is; `expected` completes "expected …". */
export const invalid = (path: FieldPath, expected: string, value?: unknown): Finding => ({
  path,
  reason: 'FieldValueInvalid',
  detail: `expected ${expected}`,
  value,
});

/** A field that must not be set, or not so; the sentence says why and what to do. */
export const forbidden = (path: FieldPath, sentence: string): Finding => ({
  path,
  reason: 'FieldValueForbidden',
  detail: sentence,
});

/** A place that holds a value which must be there once. */
export interface Holder {
  readonly path: FieldPath;
  readonly value: string;
}

/** A finding for each value that an earlier place holds already. */
export function duplicates(holders: readonly Holder[]): Finding[] {
  const first = new Map<string, FieldPath>();
  return holders.flatMap(({ path, value }) => {
    const other = first.get(value);
    if (other === undefined) first.set(value, path);
    return other === undefined ? [] : duplicate(path, other, value);
  });
}

/** A value that clashes with that of another field. */
export const duplicate = (path: FieldPath, other: FieldPath, value: unknown): Finding => ({
  path,
  reason: 'FieldValueDuplicate',
  detail: `expected another value than that of ${formatPath(other)}`,
  value,
});

/** The names of a list of the spec, each with its place. */
export const namesOf = (field: string, list: readonly { name: string }[]): Holder[] =>
  list.map(({ name }, index) => ({ path: ['spec', field, index, 'name'], value: name }));
