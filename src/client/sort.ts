import { isJsonObject } from '../lib/merge-patch.js';
import { RegistrarError } from '../model/errors.js';
import type { Entry } from './answers.js';
import { EVENTS } from './resource.js';
import type { Resource } from './resource.js';

/** A field such as `.spec.replicas`, by its keys. BAD_REQUEST when it is written in another way. */
export function parseSortField(text: string): readonly string[] {
  const plain = text.replace(/^\{(.*)\}$/, '$1');
  if (/^\.?[\w-]+(?:\.[\w-]+)*$/.test(plain)) return plain.replace(/^\./, '').split('.');
  throw new RegistrarError(
    'BAD_REQUEST',
    `Cannot sort by "${text}"; write a field like .metadata.name`,
  );
}

/** The entries by a field of their objects: numbers by size, all else as text, absent ones first. */
export function sortBy(entries: readonly Entry[], field: readonly string[]): readonly Entry[] {
  return entries.toSorted((a, b) => compare(valueOf(a, field), valueOf(b, field)));
}

/** The entries in the order in which they are shown: by a field, else events by time, all else by name. */
export function inOrder(
  entries: readonly Entry[],
  resource: Resource,
  field: readonly string[] | undefined,
): readonly Entry[] {
  if (field !== undefined) return sortBy(entries, field);
  return resource === EVENTS ? sortEvents(entries) : entries;
}

/** Events in the order in which they last happened; versions tell it within a second. */
export function sortEvents(entries: readonly Entry[]): readonly Entry[] {
  const byVersion = entries.toSorted((a, b) => versionOf(a) - versionOf(b));
  return sortBy(byVersion, ['lastTimestamp']);
}

const versionOf = ({ object }: Entry): number => Number(object.metadata.resourceVersion);

function valueOf({ object }: Entry, field: readonly string[]): unknown {
  return field.reduce<unknown>(
    (value, key) => (isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    object,
  );
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [textOf(a), textOf(b)];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
