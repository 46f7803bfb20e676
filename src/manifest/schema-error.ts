import type { ErrorObject } from 'ajv/dist/2020.js';
import type { FieldPath } from '../lib/field-path.js';
import type { Finding } from './finding.js';

/** The keywords of a schema that error messages speak of. */
interface Limits {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly 'x-expected'?: string;
}

type Part = Omit<Finding, 'path'>;

const invalid = (detail: string, value: unknown): Part => ({
  reason: 'FieldValueInvalid',
  detail: `expected ${detail}`,
  value,
});

const range = (error: ErrorObject): Part => {
  const { minimum, maximum } = error.parentSchema as Limits;
  return invalid(between(minimum, maximum), error.data);
};
const length = (error: ErrorObject): Part => {
  const { minLength, maxLength } = error.parentSchema as Limits;
  return invalid(`${between(minLength, maxLength)} characters`, error.data);
};
const count = (error: ErrorObject): Part => {
  const { minItems, maxItems } = error.parentSchema as Limits;
  return invalid(`${between(minItems, maxItems)} items`, (error.data as unknown[]).length);
};
const form = (error: ErrorObject): Part => {
  const { 'x-expected': words = `text that matches ${String(error.schema)}` } =
    error.parentSchema as Limits;
  return invalid(words, error.data);
};

/** How each keyword of the schema reads. A keyword that is not here says nothing by itself. */
const SENTENCES: Readonly<Record<string, (error: ErrorObject) => Part>> = {
  required: () => ({ reason: 'FieldValueRequired', detail: '' }),
  type: ({ schema, data }) => ({
    reason: 'FieldValueTypeInvalid',
    detail: `expected ${String(schema)}${needsQuotes(schema, data) ? ' in quotes' : ''}`,
    value: data,
  }),
  enum: ({ schema, data }) => ({
    reason: 'FieldValueNotSupported',
    detail: `expected one of ${(schema as string[]).map((one) => JSON.stringify(one)).join(', ')}`,
    value: data,
  }),
  minimum: range,
  maximum: range,
  minLength: length,
  maxLength: length,
  minItems: count,
  maxItems: count,
  pattern: form,
  format: form,
};

/** Whether YAML took a text such as 1.4 or yes for something else. */
const needsQuotes = (type: unknown, data: unknown): boolean =>
  type === 'string' && (typeof data === 'number' || typeof data === 'boolean');

const between = (least: number | undefined, most: number | undefined): string => {
  if (most === undefined) return `at least ${least}`;
  return least === undefined ? `at most ${most}` : `${least} to ${most}`;
};

/** The finding that an error of the validator stands for: none for one that only sums up others. */
export function translate(error: ErrorObject, root: unknown): Finding[] {
  const part = SENTENCES[error.keyword]?.(error);
  if (part === undefined) return [];
  const path = pathOf(error.instancePath, root);
  const { missingProperty } = error.params as { missingProperty?: string };
  return [{ ...part, path: missingProperty === undefined ? path : [...path, missingProperty] }];
}

/** The path that a JSON pointer stands for: numbers where the value has arrays. */
export function pathOf(pointer: string, root: unknown): FieldPath {
  let value = root;
  return pointer
    .split('/')
    .slice(1)
    .map((text) => {
      const key = text.replaceAll('~1', '/').replaceAll('~0', '~');
      const step = Array.isArray(value) ? Number(key) : key;
      value = (value as Record<string | number, unknown>)[step];
      return step;
    });
}
