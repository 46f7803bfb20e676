import { apiVersionOf, type KindNames } from '../model/kinds.js';
import { typeOf, type Finding } from './finding.js';

/** What a manifest says of its kind. */
export type NamedKind = Pick<KindNames, 'kind' | 'group' | 'version'>;

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeOf(value) === 'object';

/** What is wrong with a value that is no object at all. */
export const noObject = (value: unknown): Finding => ({
  path: [],
  reason: 'FieldValueTypeInvalid',
  detail: 'expected object',
  value,
});

/** What is wrong with the two fields that say what an object is: one of some kinds. */
export function kindFindings(
  manifest: Readonly<Record<string, unknown>>,
  kinds: readonly NamedKind[],
): Finding[] {
  return [
    ...fieldFindings('apiVersion', manifest['apiVersion'], kinds.map(apiVersionOf)),
    ...fieldFindings(
      'kind',
      manifest['kind'],
      kinds.map(({ kind }) => kind),
    ),
  ];
}

function fieldFindings(field: string, value: unknown, wanted: readonly string[]): Finding[] {
  if (wanted.some((name) => name === value)) return [];
  const names = [...new Set(wanted)].toSorted().map((name) => `"${name}"`);
  const detail = `expected ${names.join(' or ')}`;
  if (value === undefined) {
    const missing = `required value is missing, ${detail}`;
    return [{ path: [field], reason: 'FieldValueRequired', detail: missing }];
  }
  return [{ path: [field], reason: 'FieldValueInvalid', detail, value }];
}
