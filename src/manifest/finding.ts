import { formatPath } from '../lib/field-path.js';
import type { FieldPath } from '../lib/field-path.js';
import { printable } from '../lib/printable.js';
import type { Cause, FieldReason } from '../model/errors.js';

/** One thing wrong with one field of a manifest. */
export interface Finding {
  readonly path: FieldPath;
  readonly reason: FieldReason;
  /** `expected …` where there is a value, else a sentence; may be empty for a missing value. */
  readonly detail: string;
  /** What was found; undefined when nothing was or it does not help. */
  readonly value?: unknown;
}

/** Fields that may hold a secret: what was found in them is never told. */
const PRIVATE =
  /^(data|stringData|spec\.(values|instances\[\d+\]\.values|checks\[\d+\]\.parameters\.keys)|(spec\.template\.)?(spec\.(env(?!\[\d+\]\.name$)|command|args|healthCheck\.exec|updates\.gate\.(command|http))|metadata\.annotations))/;

/** User and password of a URL, wherever one is written. */
const LOGIN_IN_URL = /:\/\/[^\s/'"<>]*@/g;

const PREFIXES: Readonly<Record<FieldReason, string>> = {
  FieldValueRequired: 'Required value',
  FieldValueInvalid: 'Invalid value',
  FieldValueNotSupported: 'Unsupported value',
  FieldValueTypeInvalid: 'Invalid value',
  FieldValueForbidden: 'Forbidden',
  FieldValueDuplicate: 'Duplicate value',
};

/** The finding in a sentence for people: `expected integer, found string "two"`. */
export function sentenceOf(finding: Finding): string {
  const { reason, detail, value } = finding;
  if (reason === 'FieldValueRequired') return detail || 'required value is missing';
  if (value === undefined) return detail;
  const type = reason === 'FieldValueTypeInvalid' ? typeOf(value) : '';
  const found = [type, shown(finding)].filter(Boolean).join(' ');
  return found === '' ? detail : `${detail}, found ${found}`;
}

/** The finding with its place: `spec.replicas: expected integer, found string "two"`. */
export const formatFinding = (finding: Finding): string =>
  `${formatPath(finding.path)}: ${sentenceOf(finding)}`;

/** The finding as Kubernetes words it: `Invalid value: "two": expected integer`. */
export function causeOf(finding: Finding): Cause {
  const parts = [PREFIXES[finding.reason], shown(finding), finding.detail];
  return {
    field: formatPath(finding.path),
    message: parts.filter((part) => part !== '').join(': '),
    reason: finding.reason,
  };
}

/** A wrong type says all there is to say of a field; otherwise its first finding does. */
export function onePerField(findings: readonly Finding[]): Finding[] {
  const byField = new Map<string, Finding>();
  for (const finding of findings) {
    const field = formatPath(finding.path);
    const known = byField.get(field);
    if (known === undefined || (isType(finding) && !isType(known))) byField.set(field, finding);
  }
  return [...byField.values()];
}

const isType = ({ reason }: Finding): boolean => reason === 'FieldValueTypeInvalid';

/** The value as JSON, short; empty for one that is private, structured or null. */
function shown({ path, value }: Finding): string {
  if (value === undefined || value === null || typeof value === 'object') return '';
  if (PRIVATE.test(formatPath(path))) return '';
  return printable(JSON.stringify(value).replaceAll(LOGIN_IN_URL, '://***@'), 80);
}

/** JSON's name for the type of a value. */
export function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
