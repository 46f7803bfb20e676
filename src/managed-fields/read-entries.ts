import { isJsonObject } from '../lib/merge-patch.js';
import type { JsonObject } from '../lib/merge-patch.js';
import { parseElement } from './element.js';
import type { ManagedFieldsEntry } from './entry.js';
import { SELF } from './field-tree.js';
import type { FieldTree } from './field-tree.js';

/** Most entries of one object. */
export const MAX_ENTRIES = 64;

/** Longest name of a manager, in characters. */
export const MAX_MANAGER_LENGTH = 128;

/**
 * The entries that a client wrote; none for a list with one empty entry, which resets them.
 * undefined when they are not what a server would have written. Nesting and keys must be checked.
 */
export function readEntries(value: unknown): readonly ManagedFieldsEntry[] | undefined {
  if (!Array.isArray(value) || value.length > MAX_ENTRIES || !value.every(isJsonObject)) {
    return undefined;
  }
  if (value.length === 1 && Object.keys(value[0] ?? {}).length === 0) return [];
  const entries = value.map(readEntry).filter((entry) => entry !== undefined);
  const authors = entries.map((entry) =>
    [entry.operation, entry.manager, entry.subresource].join('\0'),
  );
  const areAll = entries.length === value.length && new Set(authors).size === entries.length;
  return areAll ? entries : undefined;
}

function readEntry(entry: JsonObject): ManagedFieldsEntry | undefined {
  const { manager, operation, apiVersion, fieldsType, fieldsV1 } = entry;
  if (!isText(manager) || !isText(apiVersion) || fieldsType !== 'FieldsV1') return undefined;
  if (operation !== 'Apply' && operation !== 'Update') return undefined;
  const time = entry['time'] ?? undefined;
  const subresource = entry['subresource'] || undefined;
  if (time !== undefined && !isTime(time)) return undefined;
  if (subresource !== undefined && !isText(subresource)) return undefined;
  if (!isFields(fieldsV1)) return undefined;
  return {
    ...{ manager, operation, apiVersion, fieldsType, fieldsV1 },
    ...(time !== undefined && { time }),
    ...(subresource !== undefined && { subresource }),
  };
}

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= MAX_MANAGER_LENGTH;

const isTime = (value: unknown): value is string =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/.test(value);

/** Whether a value is a set of fields in the form of FieldsV1. */
export const isFields = (value: unknown): value is FieldTree =>
  isJsonObject(value) &&
  Object.entries(value).every(([element, inner]) =>
    element === SELF
      ? isJsonObject(inner) && Object.keys(inner).length === 0
      : parseElement(element) !== undefined && isFields(inner),
  );
