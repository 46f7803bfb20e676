import { fc, test } from '@fast-check/vitest';
import fastJsonPatch from 'fast-json-patch';
import type { Operation } from 'fast-json-patch';
import { describe, expect, it } from 'vitest';
import { applyJsonPatch, JsonPatchError } from '../../src/lib/json-patch.js';
import type { JsonObject } from '../../src/lib/merge-patch.js';
import { sameJson } from '../../src/lib/same-json.js';

const DOCUMENT = { name: 'a', list: [1, 2, 3], map: { 'x/y': 1, 'm~n': 2, empty: null } };
const patched = (...patch: JsonObject[]): unknown => applyJsonPatch(DOCUMENT, patch);

describe('a JSON patch', () => {
  it.each([
    ['adds a member', { op: 'add', path: '/map/new', value: { a: 1 } }, ['map', 'new'], { a: 1 }],
    ['adds an item', { op: 'add', path: '/list/1', value: 9 }, ['list'], [1, 9, 2, 3]],
    ['adds after the last', { op: 'add', path: '/list/-', value: 9 }, ['list'], [1, 2, 3, 9]],
    ['adds at the end', { op: 'add', path: '/list/3', value: 9 }, ['list'], [1, 2, 3, 9]],
    ['removes', { op: 'remove', path: '/list/0' }, ['list'], [2, 3]],
    ['replaces', { op: 'replace', path: '/map/x~1y', value: null }, ['map', 'x/y'], null],
    ['moves', { op: 'move', from: '/map/m~0n', path: '/name' }, ['name'], 2],
    ['copies', { op: 'copy', from: '/list', path: '/map/l' }, ['map', 'l'], [1, 2, 3]],
    ['moves within a list', { op: 'move', from: '/list/0', path: '/list/2' }, ['list'], [2, 3, 1]],
  ])('%s', (_what, operation, path, expected) => {
    expect(patched(operation)).toHaveProperty(path, expected);
  });

  it('goes on when a test holds, whatever the order of the keys', () => {
    const value = { empty: null, 'm~n': 2, 'x/y': 1 };
    expect(patched({ op: 'test', path: '/map', value })).toEqual(DOCUMENT);
    expect(patched({ op: 'test', path: '/map/empty', value: null })).toEqual(DOCUMENT);
  });

  it('can replace everything', () => {
    expect(patched({ op: 'replace', path: '', value: [1] })).toEqual([1]);
    expect(patched({ op: 'copy', from: '/list', path: '' })).toEqual([1, 2, 3]);
  });

  it('changes nothing of what it is given, even when it fails in the end', () => {
    const document = Object.freeze({ list: Object.freeze([1]) });
    const value = Object.freeze({});
    const patch = [
      { op: 'add', path: '/a', value },
      { op: 'add', path: '/a/b', value: 1 },
      { op: 'add', path: '/list/-', value: 2 },
    ];
    expect(applyJsonPatch(document, patch)).toEqual({ list: [1, 2], a: { b: 1 } });
    const failing = [...patch, { op: 'test', path: '/list', value: [] }];
    expect(() => applyJsonPatch(document, failing)).toThrow(JsonPatchError);
    expect(document).toEqual({ list: [1] });
    expect(value).toEqual({});
  });

  it('says which operation fails, and no value', () => {
    const run = () =>
      patched(
        { op: 'add', path: '/a', value: 'secret' },
        { op: 'test', path: '/a', value: 'secret2' },
      );
    expect(run).toThrow('operation 2 (test /a) does not hold');
  });
});

describe('a hostile JSON patch is refused:', () => {
  it.each([
    ['an unknown operation', { op: 'merge', path: '/a' }],
    ['no operation', { path: '/a' }],
    ['no path', { op: 'remove' }],
    ['a path that is no text', { op: 'remove', path: 7 }],
    ['a path without slash', { op: 'add', path: 'name', value: 1 }],
    ['no value', { op: 'add', path: '/a' }],
    ['no source', { op: 'copy', path: '/a' }],
    ['an escape that means nothing', { op: 'add', path: '/a~2', value: 1 }],
    ['a missing parent', { op: 'add', path: '/a/b', value: 1 }],
    ['a parent that is a text', { op: 'add', path: '/name/b', value: 1 }],
    ['a parent that is null', { op: 'add', path: '/map/empty/b', value: 1 }],
    ['removing what is not there', { op: 'remove', path: '/a' }],
    ['replacing what is not there', { op: 'replace', path: '/a', value: 1 }],
    ['testing what is not there', { op: 'test', path: '/a', value: null }],
    ['removing everything', { op: 'remove', path: '' }],
    ['a leading zero', { op: 'add', path: '/list/01', value: 1 }],
    ['an index with a sign', { op: 'replace', path: '/list/+1', value: 1 }],
    ['a negative index', { op: 'remove', path: '/list/-1' }],
    ['an index in another notation', { op: 'remove', path: '/list/1e0' }],
    ['an index beyond the end', { op: 'add', path: '/list/4', value: 1 }],
    ['an index that overflows', { op: 'remove', path: '/list/4294967296' }],
    ['removing after the last', { op: 'remove', path: '/list/-' }],
    ['an empty index', { op: 'remove', path: '/list/' }],
    ['the length of a list', { op: 'replace', path: '/list/length', value: 0 }],
    ['__proto__', { op: 'add', path: '/__proto__/polluted', value: 1 }],
    ['constructor', { op: 'add', path: '/constructor/prototype/polluted', value: 1 }],
    ['prototype', { op: 'add', path: '/map/prototype', value: 1 }],
    ['__proto__ as a source', { op: 'copy', from: '/__proto__', path: '/a' }],
    ['what is inherited', { op: 'copy', from: '/toString', path: '/a' }],
    ['removing what is inherited', { op: 'remove', path: '/hasOwnProperty' }],
    ['a value moved into itself', { op: 'move', from: '/map', path: '/map/inner' }],
    ['a path that is too deep', { op: 'add', path: '/a'.repeat(65), value: 1 }],
  ])('%s', (_what, operation) => {
    expect(() => patched(operation)).toThrow(JsonPatchError);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('copies that double each time', () => {
    const doubling = Array.from({ length: 40 }, (_, n) => ({
      op: 'copy',
      from: '',
      path: `/n${n}`,
    }));
    expect(() => patched(...doubling)).toThrow('copies too much');
  });
});

const key = fc.constantFrom('a', 'b', 'x/y', 'm~n', '0', '1');
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(0, 1, 'x', true, null),
    fc.dictionary(key, tie('any'), { maxKeys: 3 }),
    fc.array(tie('any'), { maxLength: 3 }),
  ),
})).any;
const pointer = fc
  .array(fc.oneof(key, fc.constantFrom('-', '2')), { minLength: 1, maxLength: 3 })
  .map((steps) =>
    steps.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
  );
const operation = fc.oneof(
  fc.record({ op: fc.constantFrom('add', 'replace', 'test'), path: pointer, value }),
  fc.record({ op: fc.constant('remove'), path: pointer }),
  fc.record({ op: fc.constantFrom('move', 'copy'), from: pointer, path: pointer }),
);

const outcomeOf = (run: () => unknown): unknown => {
  try {
    return { document: run() };
  } catch {
    return 'refused';
  }
};

describe('compared with another implementation', () => {
  test.prop([fc.dictionary(key, value), fc.array(operation, { maxLength: 6 })], { numRuns: 1000 })(
    'the same is accepted, and comes to the same',
    (document, patch) => {
      const ours = outcomeOf(() => applyJsonPatch(document, patch));
      // The other one lets a move or copy leave holes in a list.
      const isStrict = ours === 'refused';
      if (isStrict && patch.some(({ op }) => op === 'move' || op === 'copy')) return;
      const theirs = outcomeOf(
        () => fastJsonPatch.applyPatch(document, patch as Operation[], isStrict, false).newDocument,
      );
      expect(ours).toEqual(theirs);
    },
  );

  test.prop([fc.dictionary(key, value), pointer, value])(
    'what can be added can be tested and removed again',
    (document, path, added) => {
      const before = { ...document, list: [] };
      const after = outcomeOf(() => applyJsonPatch(before, [{ op: 'add', path, value: added }]));
      if (after === 'refused' || path.endsWith('-')) return;
      const back = [
        { op: 'add', path, value: added },
        { op: 'test', path, value: added },
        { op: 'remove', path },
      ];
      expect(outcomeOf(() => applyJsonPatch(before, back))).not.toBe('refused');
    },
  );
});

describe('sameJson', () => {
  test.prop([value])('holds for a copy', (one) => {
    expect(sameJson(one, structuredClone(one))).toBe(true);
  });

  it.each([
    [1, '1'],
    [null, {}],
    [{}, []],
    [{ a: 1 }, { b: 1 }],
    [
      [1, 2],
      [2, 1],
    ],
  ])('tells %j from %j', (a, b) => {
    expect(sameJson(a, b)).toBe(false);
    expect(sameJson(b, a)).toBe(false);
  });

  it('takes an undefined field for an absent one', () => {
    expect(sameJson({ a: undefined }, {})).toBe(true);
    expect(sameJson({ a: undefined }, { b: 1 })).toBe(false);
  });

  it('takes both zeros for one', () => expect(sameJson(0, -0)).toBe(true));
});
