import { isJsonObject } from '../lib/merge-patch.js';
import type { JsonObject } from '../lib/merge-patch.js';
import { itemsByElement } from './element.js';
import { fieldOf, isDivided, itemOf } from './field-schema.js';
import type { FieldSchema } from './field-schema.js';
import { isLeaf, isNothing, mapNodes, SELF } from './field-tree.js';
import type { FieldTree } from './field-tree.js';

/** The fields of a set that an object has; the same tree when it has them all. */
export function existingFields(
  tree: FieldTree,
  object: JsonObject,
  schema: FieldSchema,
): FieldTree {
  return existingIn(tree, object, schema);
}

function existingIn(tree: FieldTree, value: unknown, schema: FieldSchema): FieldTree {
  const at = partsOf(value, schema);
  return mapNodes(tree, (node, element) => {
    if (element === SELF) return node;
    const part = at(element);
    if (part?.value === undefined || part.value === null) return undefined;
    if (isLeaf(node)) return node;
    const rest = existingIn(node, part.value, part.schema);
    return isNothing(rest) ? undefined : rest;
  });
}

interface Part {
  readonly value: unknown;
  readonly schema: FieldSchema;
}

/** Finds the parts of a value by their elements. */
function partsOf(value: unknown, schema: FieldSchema): (element: string) => Part | undefined {
  if (isJsonObject(value) && isDivided(schema)) {
    return (element) => {
      const name = element.slice(2);
      if (!element.startsWith('f:') || !Object.hasOwn(value, name)) return undefined;
      return { value: value[name], schema: fieldOf(schema, name) };
    };
  }
  const items = Array.isArray(value) ? itemsByElement(value, schema) : undefined;
  return (element) =>
    items?.has(element) ? { value: items.get(element), schema: itemOf(schema) } : undefined;
}
