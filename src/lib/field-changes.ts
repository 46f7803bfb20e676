import { formatPath } from './field-path.js';
import type { FieldPath } from './field-path.js';

/** A field that differs between two values. */
export interface FieldChange {
  /** Path such as `spec.env[0].value`. */
  readonly path: string;
  /** undefined when the field is new or gone. */
  readonly from: unknown;
  readonly to: unknown;
}

/** The smallest fields in which two JSON values differ. */
export function changesBetween(from: unknown, to: unknown, path: FieldPath = []): FieldChange[] {
  if (isTree(from) && isTree(to) && Array.isArray(from) === Array.isArray(to)) {
    const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])];
    const step = (key: string) => (Array.isArray(from) ? Number(key) : key);
    return keys.flatMap((key) => changesBetween(from[key], to[key], [...path, step(key)]));
  }
  const same = JSON.stringify(from) === JSON.stringify(to);
  return same ? [] : [{ path: formatPath(path), from, to }];
}

type Tree = Record<string, unknown>;

const isTree = (value: unknown): value is Tree => value !== null && typeof value === 'object';
