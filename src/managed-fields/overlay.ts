import { isJsonObject } from '../lib/merge-patch.js';
import type { JsonObject } from '../lib/merge-patch.js';
import { itemsByElement } from './element.js';
import { fieldOf, isDivided, itemOf } from './field-schema.js';
import type { FieldSchema } from './field-schema.js';

/**
 * An object with everything that another one says: maps are merged key by key, keyed lists item by
 * item, sets are joined, anything else is replaced. Neither argument is changed.
 */
export function overlay(live: JsonObject, applied: JsonObject, schema: FieldSchema): JsonObject {
  const merged = new Map(Object.entries(live));
  for (const [name, value] of Object.entries(applied)) {
    const old = Object.hasOwn(live, name) ? live[name] : undefined;
    merged.set(name, overlayValue(old, value, fieldOf(schema, name)));
  }
  return Object.fromEntries(merged);
}

function overlayValue(live: unknown, applied: unknown, schema: FieldSchema): unknown {
  if (isJsonObject(live) && isJsonObject(applied) && isDivided(schema)) {
    return overlay(live, applied, schema);
  }
  if (!Array.isArray(live) || !Array.isArray(applied)) return applied;
  const before = itemsByElement(live, schema);
  const wanted = itemsByElement(applied, schema);
  if (before === undefined || wanted === undefined) return applied;
  const item = (element: string): unknown =>
    wanted.has(element)
      ? overlayValue(before.get(element), wanted.get(element), itemOf(schema))
      : before.get(element);
  return inOrder([...before.keys()], [...wanted.keys()]).map(item);
}

/** All elements: those that are wanted in their order, the others where they were between them. */
function inOrder(before: readonly string[], wanted: readonly string[]): string[] {
  const place = new Map(wanted.map((element, index) => [element, index]));
  const ordered: string[] = [];
  let taken = 0;
  for (const element of before) {
    const index = place.get(element);
    if (index === undefined) ordered.push(element);
    else if (index >= taken) {
      ordered.push(...wanted.slice(taken, index + 1));
      taken = index + 1;
    }
  }
  return [...ordered, ...wanted.slice(taken)];
}

/** What a configuration says: a field that is null is not said. */
export function withoutNulls(config: JsonObject): JsonObject {
  const said = Object.entries(config).filter(([, value]) => value !== null);
  return Object.fromEntries(said.map(([name, value]) => [name, saidIn(value)]));
}

function saidIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => saidIn(item));
  return isJsonObject(value) ? withoutNulls(value) : value;
}
