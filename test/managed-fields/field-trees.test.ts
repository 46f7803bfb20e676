import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { itemsByElement, parseElement } from '../../src/managed-fields/element.js';
import { existingFields } from '../../src/managed-fields/existing.js';
import { fieldSchemaOf } from '../../src/managed-fields/field-schema.js';
import { changedFields, fieldsOf } from '../../src/managed-fields/fields-of.js';
import { difference, union } from '../../src/managed-fields/field-tree.js';
import type { FieldTree } from '../../src/managed-fields/field-tree.js';
import { ModuleSchema } from '../../src/model/module.js';
import { anObject } from './any-object.js';
import { SCHEMA_OF_ALL } from './managers.js';

describe('the fields of an object', () => {
  it('are written as Kubernetes writes them', () => {
    const object = {
      metadata: { labels: { 'example.org/app': 'demo' }, finalizers: ['a/b', 'c'] },
      spec: {
        image: 'a',
        args: ['x'],
        probe: {},
        env: [{ name: 'A', value: '1' }, { name: 'B' }],
      },
    };
    expect(fieldsOf(object, SCHEMA_OF_ALL)).toEqual({
      'f:metadata': {
        'f:labels': { 'f:example.org/app': {} },
        'f:finalizers': { 'v:"a/b"': {}, 'v:"c"': {} },
      },
      'f:spec': {
        'f:image': {},
        'f:args': {},
        'f:probe': {},
        'f:env': {
          'k:{"name":"A"}': { '.': {}, 'f:name': {}, 'f:value': {} },
          'k:{"name":"B"}': { '.': {}, 'f:name': {} },
        },
      },
    });
  });

  it.each([
    ['the same key twice', [{ name: 'A' }, { name: 'A' }]],
    ['an item without key', [{ value: 'A' }]],
    ['an item that is no object', ['A']],
    ['a key that is no scalar', [{ name: {} }]],
  ])('of a keyed list are one when it has %s', (_what, env) => {
    expect(fieldsOf({ spec: { env } }, SCHEMA_OF_ALL)).toEqual({ 'f:spec': { 'f:env': {} } });
  });

  it('of what no schema describes are those of maps', () => {
    const fields = fieldsOf({ more: { a: { b: [1] } } }, SCHEMA_OF_ALL);
    expect(fields).toEqual({ 'f:more': { 'f:a': { 'f:b': {} } } });
  });

  it('follow the annotations of the Module schema', () => {
    const module = {
      metadata: {
        finalizers: ['a/b'],
        ownerReferences: [{ uid: 'u', kind: 'X' }],
      },
      spec: {
        env: [{ name: 'A', value: '1' }],
        ports: [{ name: 'p', containerPort: 1 }],
        volumes: [{ name: 'v', mountPath: '/v' }],
        command: ['a'],
      },
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    };
    expect(fieldsOf(module, fieldSchemaOf(ModuleSchema))).toEqual({
      'f:metadata': {
        'f:finalizers': { 'v:"a/b"': {} },
        'f:ownerReferences': { 'k:{"uid":"u"}': { '.': {}, 'f:uid': {}, 'f:kind': {} } },
      },
      'f:spec': {
        'f:env': { 'k:{"name":"A"}': { '.': {}, 'f:name': {}, 'f:value': {} } },
        'f:ports': { 'k:{"name":"p"}': { '.': {}, 'f:name': {}, 'f:containerPort': {} } },
        'f:volumes': { 'k:{"name":"v"}': { '.': {}, 'f:name': {}, 'f:mountPath': {} } },
        'f:command': {},
      },
      'f:status': {
        'f:conditions': { 'k:{"type":"Ready"}': { '.': {}, 'f:type': {}, 'f:status': {} } },
      },
    });
  });
});

describe('what changed', () => {
  const changed = (before: object, after: object): FieldTree =>
    changedFields({ spec: before }, { spec: after }, SCHEMA_OF_ALL)['f:spec'] ?? {};

  it.each([
    ['nothing', { image: 'a', args: ['x'] }, { args: ['x'], image: 'a' }, {}],
    ['a value', { image: 'a', replicas: 1 }, { image: 'b', replicas: 1 }, { 'f:image': {} }],
    ['a new field', {}, { probe: { port: 1 } }, { 'f:probe': { 'f:port': {} } }],
    ['a field that is gone', { image: 'a' }, {}, {}],
    ['a list', { args: ['a', 'b'] }, { args: ['b', 'a'] }, { 'f:args': {} }],
    ['something that is empty now', { probe: { port: 1 } }, { probe: {} }, { 'f:probe': {} }],
    [
      'the order of items',
      { env: [{ name: 'A' }, { name: 'B' }] },
      { env: [{ name: 'B' }, { name: 'A' }] },
      {},
    ],
    [
      'one field of one item',
      { env: [{ name: 'A', value: '1', from: 'x' }, { name: 'B' }] },
      { env: [{ name: 'A', value: '2', from: 'x' }, { name: 'B' }] },
      { 'f:env': { 'k:{"name":"A"}': { 'f:value': {} } } },
    ],
    [
      'a new item',
      { env: [{ name: 'A' }] },
      { env: [{ name: 'A' }, { name: 'B' }] },
      { 'f:env': { 'k:{"name":"B"}': { '.': {}, 'f:name': {} } } },
    ],
  ])('%s', (_what, before, after, expected) => {
    expect(changed(before, after)).toEqual(expected);
  });

  it('is not what merely has the name of something inherited', () => {
    expect(changed({}, { toString: 'x' })).toEqual({ 'f:toString': {} });
  });
});

const SCHEMA = SCHEMA_OF_ALL;

describe('sets of fields', () => {
  test.prop([anObject, anObject])(
    'changes are fields, and apart from them all is as before',
    (a, b) => {
      const [all, changes] = [fieldsOf(b, SCHEMA), changedFields(a, b, SCHEMA)];
      expect(difference(changes, all)).toEqual({});
      expect(union(changes, all)).toEqual(all);
      expect(difference(difference(all, changes), fieldsOf(a, SCHEMA))).toEqual({});
    },
  );

  test.prop([anObject, anObject])('union and difference are those of sets', (a, b) => {
    const [left, right] = [fieldsOf(a, SCHEMA), fieldsOf(b, SCHEMA)];
    const both = union(left, right);
    expect(difference(both, right)).toEqual(difference(left, right));
    expect(difference(left, both)).toEqual({});
    expect(union(difference(left, right), right)).toEqual(both);
    expect(union(left, left)).toBe(left);
    expect(union(both, right)).toEqual(both);
    expect(difference(left, left)).toEqual({});
  });

  test.prop([anObject, anObject])(
    'an object has all its fields, and none that it has not',
    (a, b) => {
      const fields = fieldsOf(a, SCHEMA);
      expect(existingFields(fields, a, SCHEMA)).toBe(fields);
      const rest = existingFields(fields, b, SCHEMA);
      expect(difference(rest, fields)).toEqual({});
      expect(existingFields(rest, b, SCHEMA)).toBe(rest);
    },
  );

  test.prop([anObject])('are the same after a trip through JSON', (object) => {
    const fields = fieldsOf(object, SCHEMA);
    const again = JSON.parse(JSON.stringify(fields)) as FieldTree;
    expect(again).toEqual(fields);
    expect(existingFields(again, object, SCHEMA)).toBe(again);
  });
});

describe('the keys of a tree', () => {
  test.prop([fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean())])(
    'are read as they are written',
    (name, value) => {
      expect(parseElement(`f:${name}`)).toEqual({ field: name });
      const keyed = itemsByElement([{ name: value }], {
        type: 'keyed',
        keys: ['name'],
        items: SCHEMA,
      });
      expect([...(keyed ?? new Map()).keys()].map(parseElement)).toEqual([
        { key: { name: value } },
      ]);
      const set = itemsByElement([value], { type: 'set' });
      expect([...(set ?? new Map()).keys()].map(parseElement)).toEqual([{ value }]);
    },
  );

  it.each([
    '',
    '.',
    'x:1',
    'f',
    'k:',
    'k:1',
    'k:{}',
    'k:{"a":{}}',
    'k:{',
    'v:',
    'v:{}',
    'v:[1]',
    'i:0',
  ])('are not %j', (text) => expect(parseElement(text)).toBeUndefined());
});
