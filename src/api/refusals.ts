import { printable } from '../lib/printable.js';
import { RegistrarError } from '../model/errors.js';
import type { Cause } from '../model/errors.js';
import { resourceOf } from '../model/kinds.js';
import type { KindDefinition } from '../model/kinds.js';

/** What Kubernetes says about a path that leads nowhere. */
export const NO_SUCH_PATH = 'the server could not find the requested resource';

export const badRequest = (message: string): RegistrarError =>
  new RegistrarError('BAD_REQUEST', message);

export function noSuchObject(definition: KindDefinition, name: string): RegistrarError {
  const message = `${resourceOf(definition)} "${printable(name)}" not found`;
  return new RegistrarError('NOT_FOUND', message, {
    kind: definition.kind,
    name: printable(name),
  });
}

/** INVALID with one cause; `name` is that of the object, empty when it has none. */
export function invalidField(
  definition: KindDefinition,
  name: string,
  cause: Cause,
): RegistrarError {
  const { kind, group } = definition;
  const shown = printable(name);
  const message = `${kind}.${group} "${shown}" is invalid: ${cause.field}: ${cause.message}`;
  return new RegistrarError('INVALID', message, { kind, name: shown, causes: [cause] });
}

/** INVALID for a query parameter that has one of a few values. */
export function unsupportedValue(
  field: string,
  value: string,
  supported: readonly string[],
): RegistrarError {
  const quoted = supported.map((each) => `"${each}"`).join(', ');
  const message = `Unsupported value: "${printable(value)}": supported values: ${quoted}`;
  return new RegistrarError('INVALID', `${field}: ${message}`, {
    causes: [{ field, message, reason: 'FieldValueNotSupported' }],
  });
}
