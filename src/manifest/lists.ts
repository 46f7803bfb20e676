import type { FieldPath } from '../lib/field-path.js';
import type { SourceDocument } from '../lib/source-document.js';
import { apiVersionOf } from '../model/kinds.js';
import type { NamedKind } from './kind-check.js';

/** One object in a document: the whole of it, or an item of a list. */
export interface Declared {
  readonly value: unknown;
  /** Path of the object in the document. */
  readonly base: FieldPath;
  readonly document: SourceDocument;
}

/** The objects of a document: of a sequence, a List or a list of one of the kinds its items. */
export function declaredIn(document: SourceDocument, kinds: readonly NamedKind[]): Declared[] {
  const unfold = (value: unknown, base: FieldPath): Declared[] => {
    const list = arrayIn(value, base, kinds);
    if (list === undefined) return [{ value, base, document }];
    return list.items.flatMap((item, index) => unfold(item, [...list.path, index]));
  };
  return unfold(document.value, []);
}

/** The items of a list and where they are; undefined for what is no list. */
function arrayIn(
  value: unknown,
  base: FieldPath,
  kinds: readonly NamedKind[],
): { items: readonly unknown[]; path: FieldPath } | undefined {
  if (Array.isArray(value)) return { items: value, path: base };
  if (typeof value !== 'object' || value === null) return undefined;
  const { apiVersion, kind, items } = value as Readonly<Record<string, unknown>>;
  const isList =
    (kind === 'List' && apiVersion === 'v1') ||
    kinds.some((one) => kind === `${one.kind}List` && apiVersion === apiVersionOf(one));
  return isList && Array.isArray(items) ? { items, path: [...base, 'items'] } : undefined;
}
