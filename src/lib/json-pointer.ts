import { MAX_DEPTH, UNSAFE_KEYS } from './plain-data.js';

/** A text that is no pointer, or leads to a place that is not there; the message completes "…". */
export class PointerError extends Error {}

/** A place in JSON data: a member of an object, or an item of an array. */
export type Place =
  | { readonly in: 'object'; readonly parent: Record<string, unknown>; readonly key: string }
  | { readonly in: 'array'; readonly parent: unknown[]; readonly index: number };

/** The steps that a JSON pointer (RFC 6901) says; none for the whole. Throws PointerError. */
export function parsePointer(pointer: string): readonly string[] {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) throw new PointerError('must begin with "/"');
  const steps = pointer.slice(1).split('/');
  if (steps.length > MAX_DEPTH) throw new PointerError(`has more than ${MAX_DEPTH} steps`);
  return steps.map(stepOf);
}

function stepOf(text: string): string {
  if (/~(?![01])/.test(text)) throw new PointerError('has a "~" without 0 or 1 after it');
  const step = text.replaceAll('~1', '/').replaceAll('~0', '~');
  if (UNSAFE_KEYS.has(step)) throw new PointerError(`leads to "${step}", which is not allowed`);
  return step;
}

/**
 * The place that steps lead to. Its parent is there; it may itself be missing. `-` is the place
 * after the last item of an array. Throws PointerError where the way is not there.
 */
export function locate(root: unknown, steps: readonly string[]): Place {
  const parent = steps.slice(0, -1).reduce((value, step) => valueAt(placeIn(value, step)), root);
  return placeIn(parent, steps.at(-1) ?? '');
}

/** What is at a place. Throws PointerError when there is nothing. */
export function valueAt(place: Place): unknown {
  if (!isThere(place)) throw new PointerError('leads to nothing');
  return place.in === 'array' ? place.parent[place.index] : place.parent[place.key];
}

/** Whether there is something at a place. */
export function isThere(place: Place): boolean {
  if (place.in === 'array') return place.index < place.parent.length;
  return Object.hasOwn(place.parent, place.key);
}

/** Zero, or digits without a leading zero. */
const INDEX = /^(0|[1-9]\d{0,8})$/;

function placeIn(parent: unknown, step: string): Place {
  if (Array.isArray(parent)) {
    if (step === '-') return { in: 'array', parent, index: parent.length };
    if (!INDEX.test(step)) throw new PointerError('has an index that is no whole number');
    return { in: 'array', parent, index: Number(step) };
  }
  if (typeof parent !== 'object' || parent === null) throw new PointerError('leads to nothing');
  return { in: 'object', parent: parent as Record<string, unknown>, key: step };
}
