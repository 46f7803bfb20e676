import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject } from 'ajv/dist/2020.js';
import { causeOf } from '../../manifest/finding.js';
import { pathOf, translate } from '../../manifest/schema-error.js';
import { formatPath } from '../../lib/field-path.js';
import { RegistrarError } from '../../model/errors.js';
import type { Cause } from '../../model/errors.js';
import type { KindName, Kinds } from '../../kinds/registered.js';
import { LIST_KEYWORDS } from '../../model/list-types.js';
import { ModuleStatusSchema } from '../../model/module.js';
import type { ModuleStatus } from '../../model/module.js';

const ajv = new Ajv2020({
  strict: true,
  allErrors: true,
  verbose: true,
  keywords: [...LIST_KEYWORDS],
});
const isObserved = ajv.compile({
  type: 'object',
  properties: { status: ModuleStatusSchema },
  required: ['status'],
});

/** A status that a client wrote. INVALID when the schema does not allow it. */
export function checkedStatus(
  { kind, metadata: { name } }: Kinds[KindName],
  status: unknown,
): ModuleStatus {
  const object = { status };
  if (isObserved(object)) return status as ModuleStatus;
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
