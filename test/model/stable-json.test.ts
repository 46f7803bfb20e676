import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { frozenJson } from '../../src/lib/frozen-json.js';
import { orderedJson, stableJson } from '../../src/model/stable-json.js';

describe('stable JSON', () => {
  it('has its keys sorted as text, numbers too, and no undefined values', () => {
    const object = { b: 1, 10: 'ten', 9: 'nine', a: [undefined, { d: undefined, c: null }] };
    const text = '{"10":"ten","9":"nine","a":[null,{"c":null}],"b":1}';
    expect(stableJson(object)).toBe(text);
    expect(orderedJson(frozenJson(object))).toBe(text);
  });

  test.prop([fc.object({ key: fc.oneof(fc.string(), fc.nat().map(String)) })])(
    'is the same when the keys are in order already',
    (object) => {
      const data = frozenJson(JSON.parse(JSON.stringify(object)) as object);
      expect(orderedJson(data)).toBe(stableJson(data));
    },
  );
});
