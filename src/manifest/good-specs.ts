import type { TSchema } from 'typebox';
import { frozenJson } from '../lib/frozen-json.js';
import type { JsonObject } from '../lib/merge-patch.js';
import { copyJson, countValues, isPlain } from '../lib/plain-data.js';
import { sameJson } from '../lib/same-json.js';
import type { Manifest } from '../model/draft.js';
import { isObject } from './kind-check.js';
import type { Rule } from './rule.js';
import { schemaTest } from './schema-check.js';

/** Far more than an object needs, few enough to be checked in a moment whatever they are. */
export const MAX_VALUES = 20_000;

/** The schema of a kind: fields of its spec may be required or have defaults. */
interface ObjectSchema extends TSchema {
  readonly properties: {
    readonly spec: { readonly properties: Readonly<Record<string, TSchema>> };
  };
}

/** A rule with the fields of the spec that it reads; undefined when it reads anything else. */
interface FieldRule {
  readonly fields: readonly string[] | undefined;
  readonly find: Rule<never>['find'];
}

/**
 * Specs that were found good. What is checked of a manifest depends on its fields alone, so a change
 * of a good spec is good when all that looks at the changed fields finds nothing.
 */
export class GoodSpecs {
  /** At most so many values are in a spec. */
  readonly #values = new WeakMap<object, number>();
  readonly #schema: ObjectSchema;
  readonly #rules: readonly FieldRule[];
  #isFine: ((value: unknown) => boolean) | undefined;

  /** @param schema of the whole object, whose spec has fields that do not depend on each other */
  constructor(schema: ObjectSchema, rules: readonly Rule<never>[]) {
    this.#schema = schema;
    this.#rules = rules.map(({ reads, find }) => ({ fields: fieldsIn(reads), find }));
  }

  /** Notes that a spec was found good, with its defaults; returns it as frozenJson does. */
  remember(spec: object, previous: object | undefined): object {
    const frozen = frozenJson(spec, previous);
    this.#values.set(frozen, countValues(frozen, MAX_VALUES));
    return frozen;
  }

  /**
   * The manifest that an input says, with defaults, when it is surely good beside a spec that was
   * before. undefined when that is not known, or the input is more than a change of it: then the
   * whole must be checked.
   */
  accept({ status: _observed, ...input }: JsonObject, previous: object): Manifest | undefined {
    const values = this.#values.get(previous);
    const fields = values === undefined ? undefined : changedFields(input['spec'], previous);
    if (values === undefined || fields === undefined) return undefined;
    const changed = { ...input, spec: fields };
    const most = values + countValues(changed, MAX_VALUES);
    if (most > MAX_VALUES || !isPlain(changed)) return undefined;
    const checked = this.#checked(changed);
    if (checked === undefined) return undefined;
    const spec = frozenJson({ ...previous, ...checked.spec }, previous);
    const manifest = { ...checked, spec } as Manifest;
    const isGood = this.#rules.every((rule) => isKept(rule, manifest, fields));
    if (isGood) this.#values.set(spec, most);
    return isGood ? manifest : undefined;
  }

  /** A copy with defaults; undefined when the schema finds anything. */
  #checked(changed: object): { readonly spec: object } | undefined {
    this.#isFine ??= schemaTest(ofChanges(this.#schema));
    const copy = copyJson(changed) as { readonly spec: object };
    return this.#isFine(copy) ? copy : undefined;
  }
}

/** The fields of a spec that are other than before; undefined when one is gone, or it is no spec. */
function changedFields(spec: unknown, previous: object): JsonObject | undefined {
  if (!isObject(spec)) return undefined;
  const before = previous as JsonObject;
  if (Object.keys(before).some((field) => spec[field] === undefined)) return undefined;
  const isChanged = (field: string): boolean =>
    !Object.hasOwn(before, field) || !sameJson(spec[field], before[field]);
  const changed = Object.keys(spec).filter(isChanged);
  return Object.fromEntries(changed.map((field) => [field, spec[field]]));
}

/** The schema for an object with some fields of its spec: none is required, or filled in. */
function ofChanges(schema: ObjectSchema): TSchema {
  const { spec } = schema.properties;
  const fields = Object.entries(spec.properties).map(([name, field]) => {
    const { default: _default, ...rest } = field as TSchema & { default?: unknown };
    return [name, rest] as const;
  });
  const some = { ...spec, required: [], properties: Object.fromEntries(fields) };
  return { ...schema, properties: { ...schema.properties, spec: some } };
}

/** The fields of a spec that a rule reads; undefined when it reads anything else. */
function fieldsIn(reads: Rule<never>['reads']): FieldRule['fields'] {
  const paths = reads.map((path) => path.split('.'));
  const isOfFields = paths.every(([part, field]) => part === 'spec' && field !== undefined);
  return isOfFields ? paths.map(([, field = '']) => field) : undefined;
}

/** Whether a rule finds nothing, which is known when it reads none of the changed fields. */
function isKept({ fields, find }: FieldRule, manifest: Manifest, changed: JsonObject): boolean {
  const isConcerned = fields?.some((field) => Object.hasOwn(changed, field)) ?? true;
  // The schema found nothing: it is a manifest of the kind that the rules are for.
  return !isConcerned || find(manifest as never).length === 0;
}
