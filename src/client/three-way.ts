import { isDeepStrictEqual } from 'node:util';
import { isJsonObject } from '../lib/merge-patch.js';
import type { JsonObject } from '../lib/merge-patch.js';

const has = (object: JsonObject, key: string): boolean => Object.hasOwn(object, key);

/** Object.fromEntries defines keys instead of assigning them: `__proto__` stays a plain key. */
const build = (entries: Iterable<readonly [string, unknown]>): JsonObject =>
  Object.fromEntries(entries);

/** Without the keys whose value is null, which in a merge patch would mean removal. */
export function withoutNulls(value: unknown): unknown {
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(([, inner]) => inner !== null);
  return build(kept.map(([key, inner]) => [key, withoutNulls(inner)] as const));
}

/** [key, patch] for one key of a manifest; nothing when the live object already has its value. */
function change(
  key: string,
  wanted: unknown,
  before: JsonObject,
  live: JsonObject,
): [string, unknown][] {
  const current = live[key];
  if (!has(live, key) || !isJsonObject(wanted) || !isJsonObject(current))
    return has(live, key) && isDeepStrictEqual(wanted, current) ? [] : [[key, wanted]];
  const previous = has(before, key) ? before[key] : undefined;
  const inner = threeWayPatch(isJsonObject(previous) ? previous : {}, wanted, current);
  return Object.keys(inner).length === 0 ? [] : [[key, inner]];
}

/**
 * The merge patch (RFC 7386) that brings `live` to the manifest: what the manifest says is set, what
 * the last manifest said and this one does not is removed, what others set stays. Lists are values.
 * The manifest must be without nulls. Empty when nothing is to do.
 */
export function threeWayPatch(
  last: JsonObject,
  manifest: JsonObject,
  live: JsonObject,
): JsonObject {
  const removed = Object.keys(last).filter((key) => !has(manifest, key) && has(live, key));
  const changed = Object.entries(manifest).flatMap(([key, wanted]) =>
    change(key, wanted, last, live),
  );
  return build([...removed.map((key) => [key, null] as const), ...changed]);
}
