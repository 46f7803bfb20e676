import { expect, test } from 'vitest';
import type { Entry } from '../../src/client/answers.js';
import { EVENTS, MODULES } from '../../src/client/resource.js';
import { inOrder, parseSortField } from '../../src/client/sort.js';

const anEntry = (name: string, resourceVersion: string, rest: object = {}): Entry => {
  const metadata = { name, resourceVersion };
  return { object: { ...{ apiVersion: 'v1', kind: 'Thing', metadata }, ...rest }, cells: [] };
};

const names = (entries: readonly Entry[]): string[] =>
  entries.map(({ object }) => object.metadata.name);

test.for([
  ['.spec.replicas', ['spec', 'replicas']],
  ['spec.replicas', ['spec', 'replicas']],
  ['{.metadata.name}', ['metadata', 'name']],
] as const)('parseSortField(%s)', ([text, field]) => {
  expect(parseSortField(text)).toEqual(field);
});

test.for(['', '.', '.a..b', '.spec.env[0].name', '{.items[*]}', 'a b'])(
  'parseSortField(%j) is refused',
  (text) => {
    expect(() => parseSortField(text)).toThrow('Cannot sort by');
  },
);

test('numbers are sorted by size, text as text, and what has no value comes first', () => {
  const entries = [
    anEntry('ten', '1', { spec: { replicas: 10 } }),
    anEntry('none', '2'),
    anEntry('nine', '3', { spec: { replicas: 9 } }),
  ];
  expect(names(inOrder(entries, MODULES, ['spec', 'replicas']))).toEqual(['none', 'nine', 'ten']);
  expect(names(inOrder(entries, MODULES, ['metadata', 'name']))).toEqual(['nine', 'none', 'ten']);
  expect(names(inOrder(entries, MODULES, ['__proto__', 'x']))).toEqual(['ten', 'none', 'nine']);
  expect(names(inOrder(entries, MODULES, undefined))).toEqual(['ten', 'none', 'nine']);
});

test('events of the same second are sorted by their versions', () => {
  const at = (second: string) => ({ lastTimestamp: `2026-01-01T12:00:${second}Z` });
  const entries = [
    anEntry('b', '10', at('30')),
    anEntry('a', '9', at('30')),
    anEntry('old', '11', at('00')),
  ];
  expect(names(inOrder(entries, EVENTS, undefined))).toEqual(['old', 'a', 'b']);
});
