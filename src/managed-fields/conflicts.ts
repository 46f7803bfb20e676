import { printable } from '../lib/printable.js';
import { RegistrarError } from '../model/errors.js';
import { parseElement } from './element.js';
import type { ManagedFieldsEntry } from './entry.js';
import { isLeaf, SELF } from './field-tree.js';
import type { FieldTree } from './field-tree.js';

/** A field that an apply would change although another manager has it. */
export interface Conflict {
  readonly entry: ManagedFieldsEntry;
  /** Path as Kubernetes writes it: `.spec.env[name="A"].value`. */
  readonly path: string;
}

/** The changed fields that an entry has. That an item of a list exists is no matter of dispute. */
export function conflictsWith(entry: ManagedFieldsEntry, changed: FieldTree): Conflict[] {
  return pathsInBoth(entry.fieldsV1, changed, '').map((path) => ({ entry, path }));
}

function pathsInBoth(owned: FieldTree, changed: FieldTree, path: string): string[] {
  return Object.entries(changed).flatMap(([element, node]) => {
    const own = owned[element];
    if (own === undefined || element === SELF) return [];
    const inner = path + stepOf(element);
    // Who has something empty has nothing of what comes into it.
    return isLeaf(node) ? [inner] : pathsInBoth(own, node, inner);
  });
}

function stepOf(text: string): string {
  const element = parseElement(text);
  if (element === undefined) return '';
  if ('field' in element) return `.${element.field}`;
  if ('value' in element) return `[=${JSON.stringify(element.value)}]`;
  const keys = Object.entries(element.key);
  return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
}

/** Most conflicts that an error tells of. */
const MAX_TOLD = 100;

/** CONFLICT in the words of Kubernetes, which tools look for; there must be a conflict. */
export function conflictError(conflicts: readonly Conflict[]): RegistrarError {
  const told = conflicts.slice(0, MAX_TOLD);
  const [only] = conflicts;
  const text =
    only !== undefined && conflicts.length === 1
      ? `1 conflict: ${causeText(only)}: ${printable(only.path)}`
      : `${conflicts.length} conflicts: ${byManager(told)}`;
  return new RegistrarError('CONFLICT', `Apply failed with ${text}`, {
    causes: told.map((conflict) => ({
      reason: 'FieldManagerConflict',
      message: causeText(conflict),
      field: printable(conflict.path),
    })),
  });
}

const causeText = ({ entry }: Conflict): string => `conflict with ${nameOf(entry)}`;

function byManager(conflicts: readonly Conflict[]): string {
  const managers = new Set(conflicts.map(({ entry }) => nameOf(entry)));
  return [...managers]
    .flatMap((manager) => [
      `conflicts with ${manager}:`,
      ...conflicts
        .filter(({ entry }) => nameOf(entry) === manager)
        .map(({ path }) => `- ${printable(path)}`),
    ])
    .join('\n');
}

function nameOf({ manager, operation, apiVersion, subresource }: ManagedFieldsEntry): string {
  const name = `"${printable(manager)}"`;
  const where = subresource === undefined ? '' : ` with subresource "${printable(subresource)}"`;
  return operation === 'Update' ? `${name}${where} using ${printable(apiVersion)}` : name + where;
}
