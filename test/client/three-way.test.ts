import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { mergePatch } from '../../src/lib/merge-patch.js';
import type { JsonObject } from '../../src/lib/merge-patch.js';
import { threeWayPatch, withoutNulls } from '../../src/client/three-way.js';

interface Row {
  readonly name: string;
  readonly last: JsonObject;
  readonly manifest: JsonObject;
  readonly live: JsonObject;
  readonly patch: JsonObject;
}

const ROWS: readonly Row[] = [
  {
    name: 'nothing when the live object has it all',
    last: {},
    manifest: { a: 1, b: { c: [1] } },
    live: { a: 1, b: { c: [1], d: 2 }, e: 3 },
    patch: {},
  },
  {
    name: 'sets what is new or other',
    last: {},
    manifest: { a: 1, b: { c: 2, d: 3 } },
    live: { a: 0, b: { d: 3 } },
    patch: { a: 1, b: { c: 2 } },
  },
  {
    name: 'removes what the manifest said before',
    last: { a: 1, b: { c: 1, d: 1 } },
    manifest: { b: { d: 1 } },
    live: { a: 1, b: { c: 1, d: 1 } },
    patch: { a: null, b: { c: null } },
  },
  {
    name: 'keeps what others set',
    last: { b: { d: 1 } },
    manifest: { b: { d: 1 } },
    live: { a: 'theirs', b: { c: 'theirs', d: 1 } },
    patch: {},
  },
  {
    name: 'does not remove what is gone already',
    last: { a: 1, b: { c: 1 } },
    manifest: { b: {} },
    live: { b: {} },
    patch: {},
  },
  {
    name: 'replaces a list as a whole',
    last: { a: [1, 2] },
    manifest: { a: [1, 3] },
    live: { a: [1, 2] },
    patch: { a: [1, 3] },
  },
  {
    name: 'replaces a value by an object and an object by a value',
    last: {},
    manifest: { a: { x: 1 }, b: 1 },
    live: { a: 1, b: { x: 1 } },
    patch: { a: { x: 1 }, b: 1 },
  },
  {
    name: 'does not take inherited properties for keys',
    last: {},
    manifest: { toString: 'mine' },
    live: {},
    patch: { toString: 'mine' },
  },
];

test.for(ROWS)('threeWayPatch() $name', ({ last, manifest, live, patch }) => {
  expect(threeWayPatch(last, manifest, live)).toEqual(patch);
});

describe('a key named __proto__', () => {
  test('is patched as a plain key and changes no prototype', () => {
    const manifest = JSON.parse('{"__proto__": {"polluted": true}}') as JsonObject;
    const patch = threeWayPatch({}, manifest, {});
    expect(JSON.stringify(patch)).toBe('{"__proto__":{"polluted":true}}');
    expect(Object.getPrototypeOf(patch)).toBe(Object.prototype);
    expect({}).not.toHaveProperty('polluted');
  });
});

test('withoutNulls() drops keys with null at any depth, but nothing of a list', () => {
  expect(withoutNulls({ a: null, b: { c: null, d: 1 }, e: [null, { f: null }] })).toEqual({
    b: { d: 1 },
    e: [null, { f: null }],
  });
});

const leaf = fc.oneof(fc.integer(), fc.boolean(), fc.string(), fc.array(fc.integer()));
const key = fc.constantFrom('a', 'b', 'c', '__proto__');
const tree = fc.letrec<{ object: JsonObject; value: unknown }>((tie) => ({
  object: fc
    .array(fc.tuple(key, tie('value')), { maxLength: 4 })
    .map((entries) => Object.fromEntries(entries)),
  value: fc.oneof({ maxDepth: 3, depthSize: 'small' }, leaf, tie('object')),
})).object;

/** True when every value of `part` is in `whole`. */
function contains(whole: unknown, part: unknown): boolean {
  if (typeof part !== 'object' || part === null || Array.isArray(part))
    return JSON.stringify(whole) === JSON.stringify(part);
  if (typeof whole !== 'object' || whole === null || Array.isArray(whole)) return false;
  return Object.entries(part).every(
    ([name, value]) => Object.hasOwn(whole, name) && contains((whole as JsonObject)[name], value),
  );
}

property.prop([tree, tree, tree])(
  'the patched object says what the manifest says',
  (last, manifest, live) => {
    expect(contains(mergePatch(live, threeWayPatch(last, manifest, live)), manifest)).toBe(true);
  },
);

property.prop([tree, tree, tree])('a second apply has nothing to do', (last, manifest, live) => {
  const once = mergePatch(live, threeWayPatch(last, manifest, live)) as JsonObject;
  expect(threeWayPatch(manifest, manifest, once)).toEqual({});
});

property.prop([tree, tree, tree])(
  'keys that only others set stay as they are',
  (last, manifest, live) => {
    const after = mergePatch(live, threeWayPatch(last, manifest, live)) as JsonObject;
    for (const name of Object.keys(live)) {
      if (Object.hasOwn(last, name) || Object.hasOwn(manifest, name)) continue;
      expect(after[name]).toEqual(live[name]);
    }
  },
);

property.prop([tree, tree, tree])(
  'keys that left the manifest are gone',
  (last, manifest, live) => {
    const after = mergePatch(live, threeWayPatch(last, manifest, live)) as JsonObject;
    for (const name of Object.keys(last)) {
      if (!Object.hasOwn(manifest, name)) expect(Object.hasOwn(after, name)).toBe(false);
    }
  },
);
