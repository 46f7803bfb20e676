import type { FieldPath } from '../lib/field-path.js';
import type { SourceDocument } from '../lib/source-document.js';
import { API_VERSION } from '../model/names.js';

/** One object in a document: the whole of it, or an item of a list. */
export interface Declared {
  readonly value: unknown;
  /** Path of the object in the document. */
  readonly base: FieldPath;
  readonly document: SourceDocument;
}

/** The objects of a document: of a sequence, a List or a ModuleList its items. */
export function declaredIn(document: SourceDocument): Declared[] {
  return unfold(document, document.value, []);
}

function unfold(document: SourceDocument, value: unknown, base: FieldPath): Declared[] {
  const list = arrayIn(value, base);
  if (list === undefined) return [{ value, base, document }];
  return list.items.flatMap((item, index) => unfold(document, item, [...list.path, index]));
}

/** The items of a list and where they are; undefined for what is no list. */
function arrayIn(
  value: unknown,
  base: FieldPath,
): { items: readonly unknown[]; path: FieldPath } | undefined {
  if (Array.isArray(value)) return { items: value, path: base };
  if (typeof value !== 'object' || value === null) return undefined;
  const { apiVersion, kind, items } = value as Readonly<Record<string, unknown>>;
  const isList =
    (kind === 'List' && apiVersion === 'v1') ||
    (kind === 'ModuleList' && apiVersion === API_VERSION);
  return isList && Array.isArray(items) ? { items, path: [...base, 'items'] } : undefined;
}
