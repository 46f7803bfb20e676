import { isJsonObject } from '../lib/merge-patch.js';
import type { JsonObject } from '../lib/merge-patch.js';
import { fieldElement, itemsByElement } from './element.js';
import { fieldOf, isDivided, itemOf } from './field-schema.js';
import type { FieldSchema } from './field-schema.js';
import { isLeaf, NOTHING } from './field-tree.js';
import type { FieldTree } from './field-tree.js';

/**
 * An object without the fields that a manager gave up and nobody has. A struct that nobody has
 * anything in goes with all that is in it, such as defaults; from maps and lists only what was
 * given up goes. What is directly in the object, such as its spec, stays, as do keys of items.
 */
export function withoutReleased(
  object: JsonObject,
  released: FieldTree,
  kept: FieldTree,
  schema: FieldSchema,
): JsonObject {
  const parts = Object.entries(object).map(([name, value]) => {
    const element = fieldElement(name);
    const [gone, stays] = [released[element], kept[element] ?? NOTHING];
    const isObject = gone !== undefined && isJsonObject(value);
    return [
      name,
      isObject ? fieldsLeft(value, gone, stays, fieldOf(schema, name)) : value,
    ] as const;
  });
  return Object.fromEntries(parts);
}

/** What is left of a value; undefined when it goes. */
function left(
  value: unknown,
  released: FieldTree,
  kept: FieldTree | undefined,
  schema: FieldSchema,
): unknown {
  const isOne = schema.type === 'struct' || (isLeaf(released) && !isFilled(value));
  if (kept === undefined && (isOne || schema.type === 'whole')) return undefined;
  if (isLeaf(released)) return value;
  if (isJsonObject(value) && isDivided(schema)) {
    const rest = fieldsLeft(value, released, kept ?? NOTHING, schema);
    return kept === undefined && Object.keys(rest).length === 0 ? undefined : rest;
  }
  const items = Array.isArray(value) ? itemsByElement(value, schema) : undefined;
  if (items === undefined) return value;
  const rest = itemsLeft(items, released, kept ?? NOTHING, schema);
  return kept === undefined && rest.length === 0 ? undefined : rest;
}

/** Whether there is something in a value that others may have put there. */
const isFilled = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0;

function fieldsLeft(
  object: JsonObject,
  released: FieldTree,
  kept: FieldTree,
  schema: FieldSchema,
  keys: readonly string[] = [],
): JsonObject {
  const parts = Object.entries(object).flatMap(([name, value]) => {
    const gone = released[fieldElement(name)];
    if (gone === undefined || keys.includes(name)) return [[name, value] as const];
    const rest = left(value, gone, kept[fieldElement(name)], fieldOf(schema, name));
    return rest === undefined ? [] : [[name, rest] as const];
  });
  return Object.fromEntries(parts);
}

function itemsLeft(
  items: ReadonlyMap<string, unknown>,
  released: FieldTree,
  kept: FieldTree,
  schema: FieldSchema,
): unknown[] {
  const keys = schema.type === 'keyed' ? schema.keys : [];
  return [...items].flatMap(([element, item]) => {
    const [gone, stays] = [released[element], kept[element]];
    if (gone === undefined) return [item];
    if (stays === undefined) return [];
    return isJsonObject(item) && !isLeaf(gone)
      ? [fieldsLeft(item, gone, stays, itemOf(schema), keys)]
      : [item];
  });
}
