import type { FieldPath } from './field-path.js';
import type { JsonObject } from './merge-patch.js';
import { findHidden } from './printable.js';

/** Deepest nesting of objects and arrays that is accepted. */
export const MAX_DEPTH = 64;

/** Something in plain data that no program should have to handle. */
export interface DataProblem {
  readonly path: FieldPath;
  readonly message: string;
  /** True when the shape itself is unsafe, false for a text with hidden characters. */
  readonly malformed: boolean;
}

/** Keys that reach the prototype of an object instead of its data. */
export const UNSAFE_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Why a key of an object is refused; undefined for a good one. */
function keyProblem(key: string): string | undefined {
  if (UNSAFE_KEYS.has(key)) return `key "${key}" is not allowed`;
  if (/[\t\n]/.test(key)) return 'key contains a tab or line break';
  const hidden = findHidden(key);
  return hidden === undefined ? undefined : `key contains the hidden character ${hidden}`;
}

/** Whether data has more than so many values, all objects, lists and what is in them counted. */
export const hasMoreValuesThan = (limit: number, data: unknown): boolean =>
  countValues(data, limit + 1) > limit;

/** How many values data has, as hasMoreValuesThan counts them; `enough` when it has that many. */
export function countValues(data: unknown, enough: number): number {
  const open = [data];
  let count = 0;
  for (; open.length > 0 && count < enough; count += 1) {
    const value = open.pop();
    // Not spread into the arguments of push: there may be too many of them.
    if (typeof value === 'object' && value !== null)
      for (const inner of Object.values(value) as unknown[]) open.push(inner);
  }
  return count;
}

/**
 * Problems of JSON data from outside, in order: nesting beyond MAX_DEPTH (not looked into), unsafe
 * keys and hidden characters.
 */
export function findDataProblems(value: unknown): Iterable<DataProblem> {
  // Where each value is must be known only when one of them is wrong.
  return isPlain(value) ? [] : problemsIn(value, []);
}

/** Whether findDataProblems finds nothing. */
export const isPlain = (value: unknown): boolean => isFine(value, 0);

function isFine(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return findHidden(value) === undefined;
  if (typeof value !== 'object' || value === null) return true;
  if (depth >= MAX_DEPTH) return false;
  const isList = Array.isArray(value);
  for (const key of Object.keys(value)) {
    if (!isList && keyProblem(key) !== undefined) return false;
    if (!isFine((value as JsonObject)[key], depth + 1)) return false;
  }
  return true;
}

function* problemsIn(value: unknown, path: FieldPath): Generator<DataProblem> {
  if (typeof value === 'string') yield* textProblems(value, path);
  if (typeof value !== 'object' || value === null) return;
  if (path.length >= MAX_DEPTH) {
    yield { path, message: `nested deeper than ${MAX_DEPTH} levels`, malformed: true };
    return;
  }
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* problemsIn(item, [...path, index]);
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    const message = keyProblem(key);
    if (message !== undefined) yield { path: [...path, key], message, malformed: true };
    yield* problemsIn(inner, [...path, key]);
  }
}

function* textProblems(text: string, path: FieldPath): Generator<DataProblem> {
  const hidden = findHidden(text);
  if (hidden === undefined) return;
  yield { path, message: `contains the hidden character ${hidden}`, malformed: false };
}

/** A copy of JSON data that may be changed. It must have no unsafe keys, and end somewhere. */
export function copyJson<T>(value: T): T;
export function copyJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => copyJson(item));
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) copy[key] = copyJson((value as JsonObject)[key]);
  return copy;
}
