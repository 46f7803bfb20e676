import { locate, isThere, parsePointer, PointerError, valueAt } from './json-pointer.js';
import { isJsonObject } from './merge-patch.js';
import type { JsonObject } from './merge-patch.js';
import { printable } from './printable.js';
import { sameJson } from './same-json.js';

/** Most operations of one patch. */
export const MAX_OPERATIONS = 1000;

/** Characters that the copies of one patch may add: each can double what there is. */
const MAX_COPIED = 3 * 1024 * 1024;

/** A patch that cannot be applied. The message says which operation; it never quotes a value. */
export class JsonPatchError extends Error {}

/**
 * A document after a JSON patch (RFC 6902), all of it or, with JsonPatchError, nothing. Neither
 * argument is changed. Only what is really in the data can be reached: nothing inherited, no index
 * such as `01`. Not more than MAX_OPERATIONS should be given.
 */
export function applyJsonPatch(document: unknown, patch: readonly JsonObject[]): unknown {
  const target: Target = { root: structuredClone(document), copied: 0 };
  for (const [index, operation] of patch.entries()) {
    try {
      applyOperation(target, operation);
    } catch (error) {
      if (!(error instanceof PointerError)) throw error;
      throw new JsonPatchError(`operation ${index + 1}${summaryOf(operation)} ${error.message}`);
    }
  }
  return target.root;
}

interface Target {
  root: unknown;
  /** Characters copied so far. */
  copied: number;
}

function summaryOf({ op, path }: JsonObject): string {
  return typeof op === 'string' && typeof path === 'string'
    ? ` (${printable(op, 20)} ${printable(path)})`
    : '';
}

function applyOperation(target: Target, operation: JsonObject): void {
  const path = stepsAt(operation, 'path');
  switch (operation['op']) {
    case 'add':
      return add(target, path, valueOf(operation));
    case 'remove':
      return void remove(target, path);
    case 'replace':
      return replace(target, path, valueOf(operation));
    case 'move':
      return move(target, stepsAt(operation, 'from'), path);
    case 'copy':
      return add(target, path, copyOf(target, stepsAt(operation, 'from')));
    case 'test':
      if (sameJson(read(target, path), valueOf(operation))) return undefined;
      throw new PointerError('does not hold');
    default:
      throw new PointerError('is none of add, remove, replace, move, copy and test');
  }
}

function stepsAt(operation: JsonObject, field: 'path' | 'from'): readonly string[] {
  const pointer = operation[field];
  if (typeof pointer !== 'string') throw new PointerError(`has no ${field}`);
  return parsePointer(pointer);
}

/** A copy, so that later operations do not change the patch. */
function valueOf(operation: JsonObject): unknown {
  if (operation['value'] === undefined) throw new PointerError('has no value');
  return structuredClone(operation['value']);
}

function read({ root }: Target, steps: readonly string[]): unknown {
  return steps.length === 0 ? root : valueAt(locate(root, steps));
}

function add(target: Target, steps: readonly string[], value: unknown): void {
  if (steps.length === 0) target.root = value;
  else {
    const place = locate(target.root, steps);
    if (place.in === 'object') place.parent[place.key] = value;
    else if (place.index <= place.parent.length) place.parent.splice(place.index, 0, value);
    else throw new PointerError('leads beyond the end of the list');
  }
}

function remove(target: Target, steps: readonly string[]): unknown {
  if (steps.length === 0) throw new PointerError('would remove the whole object');
  const place = locate(target.root, steps);
  const removed = valueAt(place);
  if (place.in === 'object') delete place.parent[place.key];
  else place.parent.splice(place.index, 1);
  return removed;
}

function replace(target: Target, steps: readonly string[], value: unknown): void {
  if (steps.length === 0) target.root = value;
  else {
    const place = locate(target.root, steps);
    if (!isThere(place)) throw new PointerError('leads to nothing');
    if (place.in === 'object') place.parent[place.key] = value;
    else place.parent[place.index] = value;
  }
}

function move(target: Target, from: readonly string[], path: readonly string[]): void {
  if (from.length < path.length && from.every((step, index) => step === path[index])) {
    throw new PointerError('would move a value into itself');
  }
  if (from.length === 0) return;
  add(target, path, remove(target, from));
}

function copyOf(target: Target, from: readonly string[]): unknown {
  const json = JSON.stringify(read(target, from));
  target.copied += json.length;
  if (target.copied > MAX_COPIED) {
    throw new PointerError(`copies too much: at most ${MAX_COPIED} characters in all`);
  }
  return JSON.parse(json);
}

/** Whether a value has the shape of a patch: a list of objects. */
export const isJsonPatch = (value: unknown): value is readonly JsonObject[] =>
  Array.isArray(value) && value.every(isJsonObject);
