import { isJsonObject } from '../lib/merge-patch.js';
import type { JsonObject } from '../lib/merge-patch.js';
import { sameJson } from '../lib/same-json.js';
import { fieldElement, itemsByElement } from './element.js';
import { fieldOf, isDivided, itemOf } from './field-schema.js';
import type { FieldSchema } from './field-schema.js';
import { closed, isNothing, LEAF, NOTHING, SELF } from './field-tree.js';
import type { FieldTree } from './field-tree.js';

/** All fields of an object. */
export const fieldsOf = (object: JsonObject, schema: FieldSchema): FieldTree =>
  changedFields({}, object, schema);

/** The fields of an object that are new or have another value than before. */
export function changedFields(
  before: JsonObject,
  after: JsonObject,
  schema: FieldSchema,
): FieldTree {
  return fieldNodes(before, after, schema);
}

/** The node for a value as far as it changed; undefined when it did not. */
function changedNode(before: unknown, after: unknown, schema: FieldSchema): FieldTree | undefined {
  if (before === after) return undefined;
  const parts = changedParts(before, after, schema);
  if (parts === undefined) return sameJson(before, after) ? undefined : LEAF;
  if (!isNothing(parts)) return parts;
  // Something empty is a field itself.
  return isEmpty(after) && !isEmpty(before) ? LEAF : undefined;
}

/** What changed in a value whose parts are owned one by one; undefined for any other. */
function changedParts(before: unknown, after: unknown, schema: FieldSchema): FieldTree | undefined {
  if (isJsonObject(after) && isDivided(schema)) {
    return fieldNodes(isJsonObject(before) ? before : {}, after, schema);
  }
  const items = itemsIn(after, schema);
  return items && itemNodes(itemsIn(before, schema) ?? new Map(), items, schema);
}

const itemsIn = (value: unknown, schema: FieldSchema) =>
  Array.isArray(value) ? itemsByElement(value, schema) : undefined;

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

function fieldNodes(before: JsonObject, after: JsonObject, schema: FieldSchema): FieldTree {
  const changed: [string, FieldTree][] = [];
  for (const name of Object.keys(after)) {
    const value = after[name];
    const old = Object.hasOwn(before, name) ? before[name] : undefined;
    // Most of an object stays the same at a write: that costs no look at its schema.
    if (value === undefined || value === old) continue;
    const node = changedNode(old, value, fieldOf(schema, name));
    if (node !== undefined) changed.push([fieldElement(name), node]);
  }
  return changed.length === 0 ? NOTHING : Object.fromEntries(changed);
}

function itemNodes(
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
  schema: FieldSchema,
): FieldTree {
  const changed = [...after].flatMap(([element, item]) => {
    const node = changedNode(before.get(element), item, itemOf(schema));
    if (before.has(element)) return node === undefined ? [] : [[element, node] as const];
    return [[element, closed({ ...node, [SELF]: LEAF })] as const];
  });
  return Object.fromEntries(changed);
}
