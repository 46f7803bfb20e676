import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import type { FieldPath } from './field-path.js';
import { printable } from './printable.js';
import type { Places } from './source-document.js';

/** What is wrong with the data of a parsed document, by offset in the text. */
export interface ValueProblem {
  readonly offset: number;
  readonly path: FieldPath;
  readonly message: string;
}

/** The plain data of a document, and where each part of it stands in the text. */
export interface PlainValue {
  readonly value: unknown;
  readonly places: Places;
  readonly problems: readonly ValueProblem[];
}

const ALIAS =
  'aliases are not accepted: repeat the value, or put text that begins with "*" in quotes';
const ANCHOR = 'anchors are not accepted: put text that begins with "&" in quotes';

/** The nodes of a document as plain JSON data; recursive, so the depth must be limited before. */
export function plainValue(root: unknown): PlainValue {
  const places = new WeakMap<object, ReadonlyMap<string | number, number>>();
  const problems: ValueProblem[] = [];
  const report = (node: unknown, path: FieldPath, message: string): undefined => {
    problems.push({ offset: offsetOfNode(node), path, message });
  };

  const convert = (node: unknown, path: FieldPath): unknown => {
    if (isAlias(node)) return report(node, path, ALIAS);
    if (hasAnchor(node)) return report(node, path, ANCHOR);
    if (isMap(node)) return convertMap(node, path);
    if (isSeq(node)) return convertItems(node.items, path);
    if (!isScalar(node)) return null;
    const { value } = node;
    if (typeof value === 'number' && !Number.isFinite(value)) {
      return report(node, path, 'expected a finite number');
    }
    return value ?? null;
  };

  const convertItems = (items: readonly unknown[], path: FieldPath): unknown[] => {
    const list = items.map((item, index) => convert(item, [...path, index]));
    places.set(list, new Map(items.map((item, index) => [index, offsetOfNode(item)])));
    return list;
  };

  const convertMap = (map: YAMLMap, path: FieldPath): unknown => {
    const place = new Map<string, number>();
    const entries = map.items.flatMap((pair: Pair): [string, unknown][] => {
      const key = keyOf(pair);
      if (place.has(key)) {
        return report(pair.key, [...path, key], `key "${printable(key)}" is repeated`) ?? [];
      }
      place.set(key, offsetOfNode(pair.key));
      return [[key, convert(pair.value, [...path, key])]];
    });
    // Unlike an assignment, this makes a plain property of a key such as __proto__.
    const object = Object.fromEntries(entries);
    places.set(object, place);
    return object;
  };

  return { value: convert(root, []), places, problems };
}

const hasAnchor = (node: unknown): boolean =>
  (node as { anchor?: string } | null)?.anchor !== undefined;

const keyOf = (pair: Pair): string => (isScalar(pair.key) ? String(pair.key.value) : '');

const offsetOfNode = (node: unknown): number => (node as Node | null)?.range?.[0] ?? 0;
