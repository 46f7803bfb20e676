import { isJsonObject } from '../../lib/merge-patch.js';

/** Without the bookkeeping of field managers, which kubectl hides too; keys sorted, as kubectl does. */
function presentable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(presentable);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).filter(([key]) => key !== 'managedFields');
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, inner]) => [key, presentable(inner)]));
}

/** YAML 1.1 quotes what its readers would take for a date or a boolean, as kubectl does. */
const YAML_OPTIONS = {
  version: '1.1',
  aliasDuplicateObjects: false,
  indentSeq: false,
  lineWidth: 0,
} as const;

/** Several objects as the one document that kubectl prints for them. */
export function listOf(items: readonly object[]): object {
  return { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items };
}

/** An object as kubectl prints it with `-o json` or `-o yaml`, without the last line feed. */
export async function renderDocument(object: object, format: 'json' | 'yaml'): Promise<string> {
  if (format === 'json') return JSON.stringify(presentable(object), null, 4);
  const { stringify } = await import('yaml');
  return stringify(presentable(object), YAML_OPTIONS).trimEnd();
}
