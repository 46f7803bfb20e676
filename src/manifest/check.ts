import {
  copyJson,
  findDataProblems,
  hasMoreValuesThan,
  type DataProblem,
} from '../lib/plain-data.js';
import { MODULE, SECRET } from '../model/kinds.js';
import { ModuleSchema } from '../model/module.js';
import type { FieldPath } from '../lib/field-path.js';
import { onePerField, type Finding } from './finding.js';
import { GoodSpecs, MAX_VALUES } from './good-specs.js';
import { isObject, kindFindings, noObject, type NamedKind } from './kind-check.js';
import { applyRules } from './apply-rules.js';
import { forbidden } from './rule.js';
import { MODULE_RULES } from './rules.js';
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

const tooLarge: Finding = {
  path: [],
  reason: 'FieldValueInvalid',
  detail: `expected at most ${MAX_VALUES} values in all`,
};

/** Everything that must hold of the objects of a kind that people write. */
export interface KindChecks {
  readonly names: NamedKind;
  readonly schema: SchemaCheck;
  /** Rules that the schema cannot say, given what it found. */
  readonly rules: (value: unknown, invalid: readonly Finding[]) => readonly Finding[];
  /** Those that were found good, for a kind that is changed often. */
  readonly goodSpecs?: GoodSpecs;
}

export const MODULE_CHECKS: KindChecks = {
  names: MODULE,
  schema: schemaCheck(ModuleSchema),
  rules: (value, invalid) => applyRules(MODULE_RULES, value, invalid),
  goodSpecs: new GoodSpecs(ModuleSchema, MODULE_RULES),
};

/** Checks JSON data against everything that must hold of a kind; leaves it as it is. */
export function checkObject(input: unknown, { names, schema, rules }: KindChecks): Check {
  if (!isObject(input)) return notOfKind([noObject(input)]);
  const { status: _observed, ...manifest } = input;
  if (hasMoreValuesThan(MAX_VALUES, manifest)) return notOfKind([tooLarge]);
  const dataProblems = [...findDataProblems(manifest)];
  const unsafe = dataProblems.filter(({ malformed }) => malformed).map(toFinding);
  const malformed = [...kindFindings(manifest, [names]), ...unsafe];
  if (malformed.length > 0) return notOfKind(malformed);

  const value = copyJson(manifest);
  const { unknown, invalid } = schema(value);
  for (const { path } of unknown) removeAt(value, path);
  const findings = [...invalid, ...dataProblems.map(toFinding), ...rules(value, invalid)];
  return { value, malformed, unknown, invalid: onePerField(findings) };
}

const misplaced = forbidden(
  ['kind'],
  'secrets do not belong into files that are kept in git: remove it from there, change its values, and make it with "registrar secret create"',
);

/** Checks JSON data against what must hold of the one of some kinds that it says it is of. */
export function checkDeclared(input: unknown, kinds: readonly KindChecks[]): Check {
  const checks = checksFor(input, kinds);
  if (checks !== undefined) return checkObject(input, checks);
  if (!isObject(input)) return notOfKind([noObject(input)]);
  if (input.kind === SECRET.kind) return notOfKind([misplaced]);
  return notOfKind(
    kindFindings(
      input,
      kinds.map(({ names }) => names),
    ),
  );
}

/** The checks of the kind that a value says it is of; undefined when it is none of them. */
export const checksFor = (input: unknown, kinds: readonly KindChecks[]): KindChecks | undefined =>
  isObject(input) ? kinds.find(({ names }) => names.kind === input.kind) : undefined;

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

const toFinding = ({ path, message }: DataProblem): Finding => ({
  path,
  reason: 'FieldValueInvalid',
  detail: message,
});

/** Removes the field at a path that exists. */
function removeAt(root: unknown, path: FieldPath): void {
  let parent = root as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) parent = parent[step] as Record<string | number, unknown>;
  delete parent[path.at(-1) ?? ''];
}
