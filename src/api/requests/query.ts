import type { UnknownFields } from '../../manifest/validate.js';
import { printable } from '../../lib/printable.js';
import { badRequest, unsupportedValue } from '../refusals.js';

/** Query parameters as the framework parses them: a repeated one is an array. */
export type Query = Readonly<Record<string, unknown>>;

/** A parameter's text, the first when it is repeated; undefined when it is absent or empty. */
export function textOf(query: Query, key: string): string | undefined {
  const first = firstOf(query, key);
  return typeof first === 'string' && first !== '' ? first : undefined;
}

function firstOf(query: Query, key: string): unknown {
  const value = query[key];
  return Array.isArray(value) ? value[0] : value;
}

/**
 * A parameter as a boolean, undefined when it is absent. Clients of other languages write `True`,
 * people write no value at all: `0` and `false` in any case are false, everything else is true.
 */
export function flagOf(query: Query, key: string): boolean | undefined {
  const first = firstOf(query, key);
  if (first === undefined) return undefined;
  return typeof first !== 'string' || !['0', 'false'].includes(first.toLowerCase());
}

/** A parameter as a whole number from 0, undefined when it is absent. */
export function countOf(query: Query, key: string): number | undefined {
  const text = textOf(query, key);
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) {
    const message = `Query parameter "${key}" must be a whole number below 1000000000, not "${printable(text)}"`;
    throw badRequest(message);
  }
  return Number(text);
}

/** `resourceVersion` as decimal digits without leading zeros; undefined when it is absent or 0. */
export function versionOf(query: Query): string | undefined {
  const text = textOf(query, 'resourceVersion');
  if (text === undefined) return undefined;
  if (!/^\d{1,18}$/.test(text)) {
    const message = `Invalid resource version "${printable(text)}": it must be a number from an earlier answer`;
    throw badRequest(message);
  }
  return Number(text) === 0 ? undefined : text.replace(/^0+/, '');
}

/** Whether nothing shall be stored. `dryRun` knows one value, `All`. */
export function isDryRun(query: Query): boolean {
  const text = textOf(query, 'dryRun');
  if (text === undefined) return false;
  if (text === 'All') return true;
  throw unsupportedValue('dryRun', text, ['All']);
}

const FIELD_VALIDATIONS = new Map<string, UnknownFields>([
  ['Strict', 'strict'],
  ['Warn', 'warn'],
  ['Ignore', 'ignore'],
]);

/** What to do about unknown fields. They are dropped with a warning unless the client says otherwise. */
export function fieldValidationOf(query: Query): UnknownFields {
  const text = textOf(query, 'fieldValidation') ?? 'Warn';
  const known = FIELD_VALIDATIONS.get(text);
  if (known === undefined) {
    throw unsupportedValue('fieldValidation', text, [...FIELD_VALIDATIONS.keys()]);
  }
  return known;
}
