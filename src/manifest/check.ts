import { findDataProblems, hasMoreValuesThan, type DataProblem } from '../lib/plain-data.js';
import { apiVersionOf, MODULE, type KindNames } from '../model/kinds.js';
import { ModuleSchema } from '../model/module.js';
import type { FieldPath } from '../lib/field-path.js';
import { onePerField, typeOf, type Finding } from './finding.js';
import { checkRules } from './rules.js';
import { schemaCheck, type SchemaCheck, type UnknownField } from './schema-check.js';

/** What was found out about a value that should be a manifest. */
export interface Check {
  /** A copy with defaults, without status and unknown fields: a manifest if nothing was found. */
  readonly value: unknown;
  /** Why it is not of the kind at all; then nothing else was looked at. */
  readonly malformed: readonly Finding[];
  readonly unknown: readonly UnknownField[];
  /** At most one a field. */
  readonly invalid: readonly Finding[];
}

/** Far more than a module needs, few enough to be checked in a moment whatever they are. */
const MAX_VALUES = 20_000;

const tooLarge: Finding = {
  path: [],
  reason: 'FieldValueInvalid',
  detail: `expected at most ${MAX_VALUES} values in all`,
};

/** Everything that must hold of the objects of a kind that people write. */
export interface KindChecks {
  readonly names: Pick<KindNames, 'kind' | 'group' | 'version'>;
  readonly schema: SchemaCheck;
  /** Rules that the schema cannot say, given what it found. */
  readonly rules: (value: unknown, invalid: readonly Finding[]) => readonly Finding[];
}

export const MODULE_CHECKS: KindChecks = {
  names: MODULE,
  schema: schemaCheck(ModuleSchema),
  rules: checkRules,
};

/** Checks JSON data against everything that must hold of a kind; leaves it as it is. */
export function checkObject(input: unknown, { names, schema, rules }: KindChecks): Check {
  if (!isObject(input)) return notOfKind([wrong([], 'object', input)]);
  const { status: _observed, ...manifest } = input;
  if (hasMoreValuesThan(MAX_VALUES, manifest)) return notOfKind([tooLarge]);
  const dataProblems = [...findDataProblems(manifest)];
  const unsafe = dataProblems.filter(({ malformed }) => malformed).map(toFinding);
  const malformed = [...kindFindings(manifest, names), ...unsafe];
  if (malformed.length > 0) return notOfKind(malformed);

  const value = structuredClone(manifest);
  const { unknown, invalid } = schema(value);
  for (const { path } of unknown) removeAt(value, path);
  const findings = [...invalid, ...dataProblems.map(toFinding), ...rules(value, invalid)];
  return { value, malformed, unknown, invalid: onePerField(findings) };
}

/** The name that a value gives itself, if it is a text. */
export function nameIn(value: unknown): string | undefined {
  if (!isObject(value) || !isObject(value.metadata)) return undefined;
  const { name } = value.metadata;
  return typeof name === 'string' ? name : undefined;
}

const notOfKind = (malformed: readonly Finding[]): Check => ({
  value: undefined,
  malformed,
  unknown: [],
  invalid: [],
});

const isObject = (value: unknown): value is Record<string, unknown> => typeOf(value) === 'object';

const wrong = (path: FieldPath, type: string, value: unknown): Finding => ({
  path,
  reason: 'FieldValueTypeInvalid',
  detail: `expected ${type}`,
  value,
});

const toFinding = ({ path, message }: DataProblem): Finding => ({
  path,
  reason: 'FieldValueInvalid',
  detail: message,
});

/** What is wrong with the two fields that say what an object is. */
function kindFindings(
  manifest: Readonly<Record<string, unknown>>,
  names: KindChecks['names'],
): Finding[] {
  const wanted = { apiVersion: apiVersionOf(names), kind: names.kind };
  return Object.entries(wanted).flatMap(([field, name]): Finding[] => {
    const value = manifest[field];
    if (value === name) return [];
    const detail = `expected "${name}"`;
    if (value === undefined) {
      const missing = `required value is missing, ${detail}`;
      return [{ path: [field], reason: 'FieldValueRequired', detail: missing }];
    }
    return [{ path: [field], reason: 'FieldValueInvalid', detail, value }];
  });
}

/** Removes the field at a path that exists. */
function removeAt(root: unknown, path: FieldPath): void {
  let parent = root as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) parent = parent[step] as Record<string | number, unknown>;
  delete parent[path.at(-1) ?? ''];
}
