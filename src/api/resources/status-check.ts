import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { causeOf } from '../../manifest/finding.js';
import { pathOf, translate } from '../../manifest/schema-error.js';
import { formatPath } from '../../lib/field-path.js';
import { RegistrarError } from '../../model/errors.js';
import type { Cause } from '../../model/errors.js';
import { KINDS } from '../../kinds/registered.js';
import type { KindName, Kinds } from '../../kinds/registered.js';
import { LIST_KEYWORDS } from '../../model/list-types.js';

const ajv = new Ajv2020({
  strict: true,
  allErrors: true,
  verbose: true,
  keywords: [...LIST_KEYWORDS],
});
const checks = new Map<KindName, ValidateFunction>();

/** The check of the statuses of a kind, made when the first one is written. */
function checkOf(kind: KindName): ValidateFunction {
  const { properties } = KINDS[kind].schema as { properties: { status?: object } };
  const status = properties.status ?? {};
  const known =
    checks.get(kind) ??
    ajv.compile({ type: 'object', properties: { status }, required: ['status'] });
  checks.set(kind, known);
  return known;
}

/** A status that a client wrote. INVALID when the schema of the kind does not allow it. */
export function checkedStatus(
  { kind, metadata: { name } }: Kinds[KindName],
  status: unknown,
): unknown {
  const object = { status };
  const isObserved = checkOf(kind);
  if (isObserved(object)) return status;
  const causes = (isObserved.errors ?? []).flatMap((error) => causesOf(error, object));
  const list = causes.map(({ field, message }) => `${field}: ${message}`).join(', ');
  throw new RegistrarError('INVALID', `The status of ${kind} "${name}" is invalid: ${list}`, {
    kind,
    name,
    causes,
  });
}

function causesOf(error: ErrorObject, root: object): Cause[] {
  const { additionalProperty } = error.params as { additionalProperty?: string };
  if (additionalProperty === undefined) return translate(error, root).map(causeOf);
  const field = formatPath([...pathOf(error.instancePath, root), additionalProperty]);
  return [{ field, message: 'Forbidden: unknown field', reason: 'FieldValueForbidden' }];
}
