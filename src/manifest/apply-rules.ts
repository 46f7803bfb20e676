import type { FieldPath } from '../lib/field-path.js';
import type { Finding } from './finding.js';
import type { Rule } from './rule.js';

/**
 * What is wrong across the fields of a value with defaults. Rules that read a field which the
 * schema found to have a wrong shape are left out; for the others the value is a manifest.
 */
export function applyRules<M>(
  rules: readonly Rule<M>[],
  value: unknown,
  schemaFindings: readonly Finding[],
): Finding[] {
  const broken = schemaFindings.filter(isShape).map(({ path }) => sectionOf(path));
  const isSound = ({ reads }: Rule<M>): boolean =>
    !reads.some((field) => broken.some(contains(field)));
  const applied = broken.length === 0 ? rules : rules.filter(isSound);
  return applied.flatMap(({ find }) => find(value as M));
}

const isShape = ({ reason }: Finding): boolean =>
  reason === 'FieldValueTypeInvalid' || reason === 'FieldValueRequired';

/** `spec.ports` for whatever is wrong in there, `spec` when that is wrong itself. */
const sectionOf = (path: FieldPath): string => path.slice(0, 2).join('.');

const contains =
  (field: string) =>
  (section: string): boolean =>
    field === section || field.startsWith(`${section}.`);
