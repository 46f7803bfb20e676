import { isJsonObject } from './merge-patch.js';
import type { JsonObject } from './merge-patch.js';

/**
 * JSON data as a frozen copy, with its keys in order and without undefined values. What is equal in
 * `previous`, which must be such a copy, is taken from there: versions of an object share what did
 * not change, so that it is neither compared nor kept in memory twice. What is such a copy already
 * stays the one it is.
 */
export function frozenJson<T>(value: T, previous?: unknown): T {
  return frozen(value, previous) as T;
}

const NO_LIST: readonly unknown[] = Object.freeze([]);
const NO_OBJECT: JsonObject = Object.freeze({});

function frozen(value: unknown, previous: unknown): unknown {
  if (value === previous || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return frozenList(value, Array.isArray(previous) ? previous : NO_LIST);
  return frozenObject(value as JsonObject, isJsonObject(previous) ? previous : NO_OBJECT);
}

function frozenList(list: readonly unknown[], previous: readonly unknown[]): readonly unknown[] {
  const items = list.map((item, index) => frozen(item ?? null, previous[index]));
  if (hasItems(previous, items)) return previous;
  return hasItems(list, items) && Object.isFrozen(list) ? list : Object.freeze(items);
}

const hasItems = (list: readonly unknown[], items: readonly unknown[]): boolean =>
  list.length === items.length && list.every((item, index) => item === items[index]);

function frozenObject(object: JsonObject, previous: JsonObject): JsonObject {
  const own = Object.keys(object);
  const keys = keysIn(object, own);
  const copy: Record<string, unknown> = {};
  let isSame = keys.length === Object.keys(previous).length;
  let isCopy = keys === own && Object.isFrozen(object);
  for (const key of keys) {
    const old = Object.hasOwn(previous, key) ? previous[key] : undefined;
    const value = frozen(object[key], old);
    isSame &&= value === old;
    isCopy &&= value === object[key];
    setOwn(copy, key, value);
  }
  if (isSame) return previous;
  return isCopy ? object : Object.freeze(copy);
}

/** Sets a field of an object, whatever its name. */
function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true });
}

/** Keys that have a value, in order: the same list when they are all, and in order already. */
function keysIn(object: JsonObject, keys: readonly string[]): readonly string[] {
  for (const [index, key] of keys.entries()) {
    const isInPlace = index === 0 || (keys[index - 1] ?? '') < key;
    if (isInPlace && object[key] !== undefined) continue;
    return keys.filter((one) => object[one] !== undefined).toSorted();
  }
  return keys;
}
