import { isJsonObject } from '../lib/merge-patch.js';
import type { JsonObject } from '../lib/merge-patch.js';
import { stableJson } from '../model/stable-json.js';
import type { FieldSchema } from './field-schema.js';

/** What a key of a field tree stands for. */
export type Element =
  { readonly field: string } | { readonly key: JsonObject } | { readonly value: unknown };

export const fieldElement = (name: string): string => `f:${name}`;

/** What a key of a field tree stands for; undefined when it is none, and for the node itself. */
export function parseElement(text: string): Element | undefined {
  if (text.startsWith('f:')) return { field: text.slice(2) };
  const value = parsed(text.slice(2));
  if (value === undefined) return undefined;
  if (text.startsWith('v:') && isScalar(value)) return { value };
  return text.startsWith('k:') && isKey(value) ? { key: value } : undefined;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

const isScalar = (value: unknown): boolean => typeof value !== 'object' || value === null;

const isKey = (value: unknown): value is JsonObject =>
  isJsonObject(value) && Object.keys(value).length > 0 && Object.values(value).every(isScalar);

/**
 * The items of a list by the elements that stand for them, in order. undefined when they are owned
 * only together: by the schema, or because an item has no key or two have the same.
 */
export function itemsByElement(
  list: readonly unknown[],
  schema: FieldSchema,
): ReadonlyMap<string, unknown> | undefined {
  if (schema.type !== 'keyed' && schema.type !== 'set') return undefined;
  const items = new Map<string, unknown>();
  for (const item of list) {
    const element = schema.type === 'set' ? valueElement(item) : keyElement(item, schema.keys);
    if (element === undefined || items.has(element)) return undefined;
    items.set(element, item);
  }
  return items;
}

const valueElement = (item: unknown): string | undefined =>
  isScalar(item) ? `v:${JSON.stringify(item)}` : undefined;

function keyElement(item: unknown, keys: readonly string[]): string | undefined {
  if (!isJsonObject(item)) return undefined;
  const values = keys.map((key) => [key, item[key]] as const);
  if (!values.every(([, value]) => value !== undefined && isScalar(value))) return undefined;
  return `k:${stableJson(Object.fromEntries(values))}`;
}
