import type { FieldPath } from './field-path.js';
import type { TextPosition } from './text-position.js';

/** One document of a text, as plain JSON data. */
export interface SourceDocument {
  readonly value: unknown;
  /** Line it begins at, from 1. */
  readonly line: number;
  /** Where a field begins (its key, or its item), or the innermost one above it that exists. */
  locate(path: FieldPath): TextPosition;
}

/** Something wrong with a text; the path is empty when it cannot be told. */
export interface TextProblem extends TextPosition {
  readonly path: FieldPath;
  readonly message: string;
}

/** Offsets of the entries of each object and array of a document, by key or index. */
export type Places = WeakMap<object, ReadonlyMap<string | number, number>>;

/** Offset of the field at `path`, or of the innermost one above it that has a place. */
export function offsetOf(root: unknown, path: FieldPath, places: Places, start: number): number {
  let offset = start;
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) break;
    const place = places.get(value)?.get(step);
    if (place === undefined) break;
    offset = place;
    value = (value as Record<string | number, unknown>)[step];
  }
  return offset;
}
