import { Ajv2020 } from 'ajv/dist/2020.js';
import type { TSchema } from 'typebox';
import { expect, it } from 'vitest';
import { KINDS } from '../../src/kinds/registered.js';
import { FORMATS } from '../../src/manifest/formats.js';
import { LIST_KEYWORDS } from '../../src/model/list-types.js';
import { CHECKS } from '../../src/verification/checks.js';

const ajv = new Ajv2020({ formats: FORMATS, keywords: ['x-expected', ...LIST_KEYWORDS] });

const schemas: [string, TSchema][] = [
  ...Object.entries(KINDS).map(([kind, { schema }]): [string, TSchema] => [kind, schema]),
  ...CHECKS.flatMap(({ id, parameters }): [string, TSchema][] =>
    parameters === undefined ? [] : [[id, parameters]],
  ),
];

it.each(schemas)('the schema of %s is one', (_, schema) => {
  expect(ajv.validateSchema(schema), JSON.stringify(ajv.errors)).toBe(true);
});
