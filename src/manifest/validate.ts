import { formatPath } from '../lib/field-path.js';
import { printable } from '../lib/printable.js';
import { RegistrarError, type Cause } from '../model/errors.js';
import type { ModuleManifest } from '../model/module.js';
import { GROUP, VERSION } from '../model/names.js';
import { checkModule, nameIn } from './check.js';
import { causeOf, sentenceOf, type Finding } from './finding.js';
import { sentenceOfUnknown, type UnknownField } from './schema-check.js';

/** What happens to fields that the schema does not have. */
export type UnknownFields = 'strict' | 'warn' | 'ignore';

export interface ValidateOptions {
  /** `strict` by default: they are errors. `warn` and `ignore` drop them. */
  readonly unknownFields?: UnknownFields;
}

/** Most things wrong with one object that an error tells. */
const MAX_TOLD = 100;

/**
 * The Module manifest that JSON data from a client says, with defaults and without status; a name
 * made from generateName must be in it already. Leaves the input as it is. BAD_REQUEST when it is
 * no Module or has unknown fields under `strict`, INVALID with all causes when its values are wrong.
 * The warnings name the fields that `warn` dropped.
 */
export function validateModule(
  input: unknown,
  { unknownFields = 'strict' }: ValidateOptions = {},
): { manifest: ModuleManifest; warnings: string[] } {
  const { value, malformed, unknown, invalid } = checkModule(input);
  if (malformed.length > 0) throw notAModule(malformed);
  const messages = unknown.slice(0, MAX_TOLD).map(unknownFieldMessage);
  if (unknownFields === 'strict' && messages.length > 0)
    throw strictError(messages, [...unknown.map(causeOfUnknown), ...invalid.map(causeOf)]);
  if (invalid.length > 0) throw invalidError(nameIn(input) ?? '', invalid);
  return { manifest: value as ModuleManifest, warnings: unknownFields === 'warn' ? messages : [] };
}

/** Kubernetes' words first: tools look for them. */
function unknownFieldMessage({ path, suggestion }: UnknownField): string {
  const message = `unknown field "${formatPath(path)}"`;
  return suggestion === undefined ? message : `${message} (did you mean "${suggestion}"?)`;
}

function notAModule(findings: readonly Finding[]): RegistrarError {
  const told = findings.slice(0, MAX_TOLD).map((finding) => {
    const path = formatPath(finding.path);
    return path === '' ? sentenceOf(finding) : `${path}: ${sentenceOf(finding)}`;
  });
  return new RegistrarError('BAD_REQUEST', `Not a Module: ${told.join(', ')}`);
}

const causeOfUnknown = (field: UnknownField): Cause => ({
  field: formatPath(field.path),
  message: sentenceOfUnknown(field),
  reason: 'FieldValueForbidden',
});

/** The message is Kubernetes' own; the causes tell everything at once, wrong values too. */
function strictError(messages: readonly string[], causes: readonly Cause[]): RegistrarError {
  const kind = `Module in version "${VERSION}" cannot be handled as a Module`;
  return new RegistrarError(
    'BAD_REQUEST',
    `${kind}: strict decoding error: ${messages.join(', ')}`,
    { causes: causes.slice(0, MAX_TOLD) },
  );
}

function invalidError(name: string, findings: readonly Finding[]): RegistrarError {
  const causes = findings.slice(0, MAX_TOLD).map(causeOf);
  const told = causes.map(({ field, message }) => `${field}: ${message}`);
  const list = told.length === 1 ? told.join() : `[${told.join(', ')}]`;
  const shownName = printable(name, 63);
  return new RegistrarError('INVALID', `Module.${GROUP} "${shownName}" is invalid: ${list}`, {
    name: shownName,
    kind: 'Module',
    causes,
  });
}
