import { isJsonObject } from '../lib/merge-patch.js';
import type { JsonObject } from '../lib/merge-patch.js';

/**
 * How the fields of a value are owned: each field of a struct and each key of a map for itself,
 * each item of a keyed list and each value of a set for itself, anything else as a whole.
 */
export type FieldSchema =
  | { readonly type: 'struct'; readonly fields: ReadonlyMap<string, FieldSchema> }
  | { readonly type: 'map'; readonly values: FieldSchema }
  | { readonly type: 'keyed'; readonly keys: readonly string[]; readonly items: FieldSchema }
  | { readonly type: 'set' }
  | { readonly type: 'whole' };

export const WHOLE: FieldSchema = { type: 'whole' };

/** What no schema describes: objects are maps, lists are wholes. */
const UNDESCRIBED: FieldSchema = {
  type: 'map',
  get values() {
    return UNDESCRIBED;
  },
};

const known = new WeakMap<object, FieldSchema>();

/**
 * What a JSON schema says about the ownership of fields. A list is a whole unless the schema has
 * Kubernetes' `x-kubernetes-list-type` `map` (with `x-kubernetes-list-map-keys`) or `set`.
 */
export function fieldSchemaOf(schema: object): FieldSchema {
  const found = known.get(schema) ?? translate(schema as JsonObject);
  known.set(schema, found);
  return found;
}

function translate(schema: JsonObject): FieldSchema {
  const { type, properties, patternProperties, items } = schema;
  if (schema['x-kubernetes-map-type'] === 'atomic') return WHOLE;
  if (type === 'array') return listSchema(schema, items);
  if (isJsonObject(properties)) {
    const fields = Object.entries(properties).map(([name, field]) => [name, inner(field)] as const);
    return { type: 'struct', fields: new Map(fields) };
  }
  if (!isJsonObject(patternProperties)) return UNDESCRIBED;
  return { type: 'map', values: inner(Object.values(patternProperties)[0]) };
}

function listSchema(schema: JsonObject, items: unknown): FieldSchema {
  const { 'x-kubernetes-list-type': type, 'x-kubernetes-list-map-keys': keys } = schema;
  if (type === 'set') return { type: 'set' };
  if (type !== 'map') return WHOLE;
  return { type: 'keyed', keys: keys as readonly string[], items: inner(items) };
}

const inner = (schema: unknown): FieldSchema =>
  isJsonObject(schema) ? fieldSchemaOf(schema) : UNDESCRIBED;

/** How a field of an object is owned. */
export function fieldOf(schema: FieldSchema, name: string): FieldSchema {
  if (schema.type === 'struct') return schema.fields.get(name) ?? UNDESCRIBED;
  return schema.type === 'map' ? schema.values : UNDESCRIBED;
}

/** How an item of a list is owned. */
export const itemOf = (schema: FieldSchema): FieldSchema =>
  schema.type === 'keyed' ? schema.items : WHOLE;

/** Whether the fields of an object are owned one by one. */
export const isDivided = (schema: FieldSchema): boolean =>
  schema.type === 'struct' || schema.type === 'map';
