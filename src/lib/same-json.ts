import { isJsonObject } from './merge-patch.js';
import type { JsonObject } from './merge-patch.js';

/**
 * Whether two values are the same JSON data, whatever the order of their keys. A field that is
 * undefined counts as absent.
 */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const keys = fieldsOf(a);
  return (
    keys.length === fieldsOf(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
  );
}

const fieldsOf = (object: JsonObject): string[] =>
  Object.keys(object).filter((key) => object[key] !== undefined);
