/** Parts of a JSON document of which nothing is known yet: what is not there reads as empty. */

/** The fields of an object, none for anything else. */
export const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};

/** The objects of a list, none for anything else. */
export const objectsOf = (value: unknown): Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? (value as unknown[]).map(fieldsOf) : [];

/** Longest text that is taken. */
const MAX_TEXT = 500;

/** A text, cut when it is long; empty for anything else. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' ? value.slice(0, MAX_TEXT) : '';
