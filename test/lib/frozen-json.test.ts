import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { frozenJson } from '../../src/lib/frozen-json.js';

const parsed = (json: string): unknown => JSON.parse(json);

/** As a text of JSON says it: without -0, which is the same data as 0. */
const jsonData = fc.jsonValue().map((value) => parsed(JSON.stringify(value)));

describe('frozenJson()', () => {
  it('is a copy, frozen through and through, with keys in order and nothing undefined', () => {
    const given = { b: [{ d: 1, c: undefined }], a: 'x' };
    const copy = frozenJson(given);
    expect(JSON.stringify(copy)).toBe('{"a":"x","b":[{"d":1}]}');
    expect([copy, copy.b, copy.b[0]].every((value) => Object.isFrozen(value))).toBe(true);
    expect(Object.isFrozen(given)).toBe(false);
    expect(Object.isFrozen(given.b[0])).toBe(false);
  });

  it('shares what is equal with an earlier one, and nothing else', () => {
    const before = frozenJson({ same: { list: [1, { a: 1 }] }, other: { a: 1, b: 2 } });
    const after = frozenJson(
      { other: { a: 1, b: 3 }, same: { list: [1, { a: 1 }] }, more: [] as number[] },
      before,
    );
    expect(after.same).toBe(before.same);
    expect(after).toEqual({ same: before.same, other: { a: 1, b: 3 }, more: [] });
    expect(frozenJson({ other: { b: 2, a: 1 }, same: before.same }, before)).toBe(before);
  });

  it.each([
    ['a list that is longer', '[1]', '[1,2]'],
    ['a list that is shorter', '[1,2]', '[1]'],
    ['a field that is gone', '{"a":1,"b":2}', '{"a":1}'],
    ['a list that was an object', '{}', '[]'],
    ['an object that was a list', '[]', '{}'],
    ['null that was an object', '{"a":{}}', '{"a":null}'],
    ['a key of every object', '{}', '{"__proto__":{},"constructor":{}}'],
  ])('tells %s', (_what, before, after) => {
    const copy = frozenJson(parsed(after), frozenJson(parsed(before)));
    expect(JSON.stringify(copy)).toBe(after);
    expect(Object.isFrozen(copy)).toBe(true);
  });

  it('takes what is such a copy already as it is, but for what is shared with an earlier one', () => {
    const before = frozenJson({ list: [1], map: { a: 1 } });
    const copy = frozenJson({ list: [2], map: { a: 1 } });
    expect(frozenJson(copy)).toBe(copy);
    const shared = frozenJson(copy, before);
    expect(shared).toEqual(copy);
    expect(shared.list).toBe(copy.list);
    expect(shared.map).toBe(before.map);
    const shallow = Object.freeze({ list: [2] });
    expect(Object.isFrozen(frozenJson(shallow).list)).toBe(true);
    expect(Object.isFrozen(shallow.list)).toBe(false);
    const outOfOrder = Object.freeze({ b: 1, a: undefined });
    expect(JSON.stringify(frozenJson(Object.freeze({ z: outOfOrder, a: 1 })))).toBe(
      '{"a":1,"z":{"b":1}}',
    );
  });

  test.prop([jsonData, jsonData])('is the same data, whatever was before', (a, b) => {
    expect(frozenJson(a, frozenJson(b))).toEqual(a);
    const again = frozenJson(parsed(JSON.stringify(a)), frozenJson(a));
    expect(again).toEqual(frozenJson(a));
  });
});
