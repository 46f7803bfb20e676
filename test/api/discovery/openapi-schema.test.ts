import Type from 'typebox';
import { describe, expect, it } from 'vitest';
import { openApiSchema } from '../../../src/api/discovery/openapi-schema.js';
import { ModuleSchema } from '../../../src/model/module.js';

describe('a schema as OpenAPI 3.0', () => {
  it.each([
    [
      Type.String({ minLength: 1, maxLength: 3, pattern: '^a', description: 'Text' }),
      { type: 'string', minLength: 1, maxLength: 3, pattern: '^a', description: 'Text' },
    ],
    [Type.String({ format: 'ip', 'x-expected': 'an address' }), { type: 'string' }],
    [Type.String({ format: 'date-time' }), { type: 'string', format: 'date-time' }],
    [Type.Integer({ minimum: 1, default: 2 }), { type: 'integer', minimum: 1, default: 2 }],
    [Type.Literal('v1'), { type: 'string', enum: ['v1'] }],
    [
      Type.Enum(['TCP', 'UDP'], { type: 'string', default: 'TCP' }),
      { type: 'string', enum: ['TCP', 'UDP'], default: 'TCP' },
    ],
    [
      Type.Union([Type.String({ maxLength: 9 }), Type.Null()], { description: 'When' }),
      { type: 'string', maxLength: 9, nullable: true, description: 'When' },
    ],
    [
      Type.Union([Type.String(), Type.Integer(), Type.Null()]),
      { anyOf: [{ type: 'string' }, { type: 'integer' }], nullable: true },
    ],
    [
      Type.Record(Type.String(), Type.String({ maxLength: 9 })),
      { type: 'object', additionalProperties: { type: 'string', maxLength: 9 } },
    ],
    [
      Type.Record(Type.String(), Type.Unknown()),
      { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    ],
    [
      Type.Object({}, { additionalProperties: true }),
      { type: 'object', properties: {}, 'x-kubernetes-preserve-unknown-fields': true },
    ],
    [
      Type.Array(Type.Object({ name: Type.String() }), {
        maxItems: 4,
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
      }),
      {
        type: 'array',
        maxItems: 4,
        items: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
      },
    ],
  ])('%#: %j', (schema, expected) => {
    expect(openApiSchema(schema)).toEqual(expected);
  });

  it('requires what has no default', () => {
    const schema = Type.Object(
      { a: Type.String(), b: Type.String({ default: '' }), c: Type.Optional(Type.String()) },
      { additionalProperties: false },
    );
    expect(openApiSchema(schema)).toMatchObject({ type: 'object', required: ['a'] });
    expect(openApiSchema(schema)).not.toHaveProperty('additionalProperties');
    expect(openApiSchema(Type.Object({ b: Type.String({ default: '' }) }))).not.toHaveProperty(
      'required',
    );
  });

  it('has no word of JSON Schema or of Registrar that OpenAPI does not know', () => {
    const text = JSON.stringify(openApiSchema(ModuleSchema));
    expect(text).not.toMatch(/"(const|patternProperties|x-expected|~kind|\$id)":|"null"/);
    expect(text).not.toContain('image-reference');
  });
});
