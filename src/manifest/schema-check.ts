import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { TSchema } from 'typebox';
import type { FieldPath } from '../lib/field-path.js';
import { nearest } from '../lib/nearest.js';
import { LIST_KEYWORDS } from '../model/list-types.js';
import type { Finding } from './finding.js';
import { FORMATS } from './formats.js';
import { pathOf, translate } from './schema-error.js';

/** A field that the schema does not have. */
export interface UnknownField {
  readonly path: FieldPath;
  /** Name of the field that was probably meant. */
  readonly suggestion: string | undefined;
}

/** An unknown field in words: `unknown field (did you mean "replicas"?)`. */
export const sentenceOfUnknown = ({ suggestion }: UnknownField): string =>
  suggestion === undefined ? 'unknown field' : `unknown field (did you mean "${suggestion}"?)`;

export interface SchemaFindings {
  readonly unknown: readonly UnknownField[];
  readonly invalid: readonly Finding[];
}

const ajv = new Ajv2020({
  strict: true,
  allErrors: true,
  useDefaults: true,
  verbose: true,
  formats: FORMATS,
  keywords: ['x-expected', ...LIST_KEYWORDS],
  // The schemas are our own, and tests check them: that takes a quarter of the time to compile one.
  ...{ validateSchema: false, meta: false },
});

/** Says what a schema finds in a value, into which it puts the defaults. */
export type SchemaCheck = (value: unknown) => SchemaFindings;

/** The check that a schema stands for. It is compiled with the first value. */
export function schemaCheck(schema: TSchema): SchemaCheck {
  let validate: ValidateFunction | undefined;
  return (value) => {
    validate ??= ajv.compile(schema);
    validate(value);
    return findingsOf(validate.errors ?? [], value);
  };
}

/** Says whether a value is as a schema says; puts the defaults into it. */
export const schemaTest = (schema: TSchema): ((value: unknown) => boolean) => ajv.compile(schema);

function findingsOf(errors: readonly ErrorObject[], value: unknown): SchemaFindings {
  return {
    unknown: errors.filter(isUnknownField).map((error) => unknownField(error, value)),
    invalid: errors
      .filter((error) => !isUnknownField(error))
      .flatMap((error) => translate(error, value)),
  };
}

const isUnknownField = ({ keyword }: ErrorObject): boolean => keyword === 'additionalProperties';

function unknownField(error: ErrorObject, root: unknown): UnknownField {
  const { additionalProperty } = error.params as { additionalProperty: string };
  const { properties = {} } = error.parentSchema as { properties?: object };
  return {
    path: [...pathOf(error.instancePath, root), additionalProperty],
    suggestion: nearest(additionalProperty, Object.keys(properties)),
  };
}
