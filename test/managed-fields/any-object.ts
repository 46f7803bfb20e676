import { fc } from '@fast-check/vitest';
import type { JsonObject } from '../../src/lib/merge-patch.js';

const word = fc.constantFrom('a', 'b', 'c');
const few = fc.constantFrom(0, 1, 2);

const optional = <T extends object>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(shape, { requiredKeys: [] });

const item = fc
  .tuple(word, optional({ value: word, from: word }))
  .map(([name, rest]) => ({ name, ...rest }));

/** Objects of the schema with a field of each sort, so small that they often have the same fields. */
export const anObject: fc.Arbitrary<JsonObject> = optional({
  metadata: optional({
    labels: fc.dictionary(word, word, { maxKeys: 2 }),
    finalizers: fc.uniqueArray(word, { maxLength: 2 }),
  }),
  spec: optional({
    image: word,
    replicas: few,
    args: fc.array(word, { maxLength: 2 }),
    probe: optional({ port: few, path: word }),
    env: fc.uniqueArray(item, { selector: ({ name }) => name, maxLength: 3 }),
  }),
});

/** The same without anything empty, which is a field until something comes into it. */
export const aFullObject: fc.Arbitrary<JsonObject> = anObject.map(filled);

/** An object without what is empty in it. */
export function filled(object: JsonObject): JsonObject {
  return (withoutEmpty(object) ?? {}) as JsonObject;
}

function withoutEmpty(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value;
  const entries = Object.entries(value)
    .map(([key, inner]) => [key, withoutEmpty(inner)] as const)
    .filter(([, inner]) => inner !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
