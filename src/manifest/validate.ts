import { formatPath } from '../lib/field-path.js';
import type { JsonObject } from '../lib/merge-patch.js';
import { printable } from '../lib/printable.js';
import type { Manifest } from '../model/draft.js';
import { RegistrarError, type Cause } from '../model/errors.js';
import type { ModuleManifest } from '../model/module.js';
import { checkObject, MODULE_CHECKS, nameIn, type KindChecks } from './check.js';
import { causeOf, sentenceOf, type Finding } from './finding.js';
import { sentenceOfUnknown, type UnknownField } from './schema-check.js';

/** What happens to fields that the schema does not have. */
export type UnknownFields = 'strict' | 'warn' | 'ignore';

export interface ValidateOptions {
  /** `strict` by default: they are errors. `warn` and `ignore` drop them. */
  readonly unknownFields?: UnknownFields;
}

type Names = KindChecks['names'];

/** Most things wrong with one object that an error tells. */
const MAX_TOLD = 100;

export interface Validated<T> {
  /** With defaults and without status. */
  readonly manifest: T;
  /** Names the fields that `warn` dropped. */
  readonly warnings: string[];
}

/** The Module manifest that JSON data from a client says; see validateObject. */
export function validateModule(
  input: unknown,
  options: ValidateOptions = {},
): Validated<ModuleManifest> {
  const { manifest, warnings } = validateObject(input, MODULE_CHECKS, options);
  return { manifest: manifest as ModuleManifest, warnings };
}

/**
 * The object of a kind that JSON data from a client says; a name made from generateName must be in
 * it already. Leaves the input as it is. BAD_REQUEST when it is not of the kind or has unknown
 * fields under `strict`, INVALID with all causes when its values are wrong.
 */
export function validateObject(
  input: unknown,
  checks: KindChecks,
  { unknownFields = 'strict' }: ValidateOptions = {},
): Validated<unknown> {
  const { value, malformed, unknown, invalid } = checkObject(input, checks);
  const { names } = checks;
  if (malformed.length > 0) throw notOfKind(names, malformed);
  const messages = unknown.slice(0, MAX_TOLD).map(unknownFieldMessage);
  if (unknownFields === 'strict' && messages.length > 0)
    throw strictError(names, messages, [...unknown.map(causeOfUnknown), ...invalid.map(causeOf)]);
  if (invalid.length > 0) throw invalidError(names, nameIn(input) ?? '', invalid);
  return { manifest: value, warnings: unknownFields === 'warn' ? messages : [] };
}

/**
 * As validateObject, of a kind whose objects have a spec: what is as in `previous`, the spec that is
 * stored, is not looked at again when it was found good here.
 */
export function validateChange(
  input: JsonObject,
  checks: KindChecks,
  { previous, ...options }: ValidateOptions & { readonly previous: object | undefined },
): Validated<Manifest> {
  const { goodSpecs } = checks;
  const accepted = previous && goodSpecs?.accept(input, previous);
  if (accepted !== undefined) return { manifest: accepted, warnings: [] };
  const { manifest, warnings } = validateObject(input, checks, options) as Validated<Manifest>;
  if (goodSpecs === undefined) return { manifest, warnings };
  return {
    manifest: { ...manifest, spec: goodSpecs.remember(manifest.spec, previous) },
    warnings,
  };
}

/** Kubernetes' words first: tools look for them. */
function unknownFieldMessage({ path, suggestion }: UnknownField): string {
  const message = `unknown field "${formatPath(path)}"`;
  return suggestion === undefined ? message : `${message} (did you mean "${suggestion}"?)`;
}

function notOfKind({ kind }: Names, findings: readonly Finding[]): RegistrarError {
  const told = findings.slice(0, MAX_TOLD).map((finding) => {
    const path = formatPath(finding.path);
    return path === '' ? sentenceOf(finding) : `${path}: ${sentenceOf(finding)}`;
  });
  return new RegistrarError('BAD_REQUEST', `Not a ${kind}: ${told.join(', ')}`);
}

const causeOfUnknown = (field: UnknownField): Cause => ({
  field: formatPath(field.path),
  message: sentenceOfUnknown(field),
  reason: 'FieldValueForbidden',
});

/** The message is Kubernetes' own; the causes tell everything at once, wrong values too. */
function strictError(
  { kind, version }: Names,
  messages: readonly string[],
  causes: readonly Cause[],
): RegistrarError {
  const refusal = `${kind} in version "${version}" cannot be handled as a ${kind}`;
  return new RegistrarError(
    'BAD_REQUEST',
    `${refusal}: strict decoding error: ${messages.join(', ')}`,
    { causes: causes.slice(0, MAX_TOLD) },
  );
}

function invalidError(
  { kind, group }: Names,
  name: string,
  findings: readonly Finding[],
): RegistrarError {
  const causes = findings.slice(0, MAX_TOLD).map(causeOf);
  const told = causes.map(({ field, message }) => `${field}: ${message}`);
  const list = told.length === 1 ? told.join() : `[${told.join(', ')}]`;
  const shownName = printable(name, 63);
  const type = group === '' ? kind : `${kind}.${group}`;
  return new RegistrarError('INVALID', `${type} "${shownName}" is invalid: ${list}`, {
    name: shownName,
    kind,
    causes,
  });
}
