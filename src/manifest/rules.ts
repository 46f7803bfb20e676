import type { FieldPath } from '../lib/field-path.js';
import type { ModuleManifest } from '../model/module.js';
import { CONTAINER_RULES } from './container-rules.js';
import type { Finding } from './finding.js';
import { METADATA_RULES } from './metadata-rules.js';
import { NETWORK_RULES } from './network-rules.js';
import { NOT_BUILT_YET } from './not-built-yet.js';
import type { Rule } from './rule.js';
import { STORAGE_RULES } from './storage-rules.js';

const RULES: readonly Rule[] = [
  ...METADATA_RULES,
  ...CONTAINER_RULES,
  ...NETWORK_RULES,
  ...STORAGE_RULES,
  ...NOT_BUILT_YET,
];

/**
 * What is wrong across the fields of a value with defaults. Rules that read a field which the
 * schema found to have a wrong shape are left out; for the others the value is a manifest.
 */
export function checkRules(value: unknown, schemaFindings: readonly Finding[]): Finding[] {
  const broken = schemaFindings.filter(isShape).map(({ path }) => sectionOf(path));
  return RULES.filter(({ reads }) => !reads.some((field) => broken.some(contains(field)))).flatMap(
    ({ find }) => find(value as ModuleManifest),
  );
}

const isShape = ({ reason }: Finding): boolean =>
  reason === 'FieldValueTypeInvalid' || reason === 'FieldValueRequired';

/** `spec.ports` for whatever is wrong in there, `spec` when that is wrong itself. */
const sectionOf = (path: FieldPath): string => path.slice(0, 2).join('.');

const contains =
  (field: string) =>
  (section: string): boolean =>
    field === section || field.startsWith(`${section}.`);
