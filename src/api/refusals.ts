import { printable } from '../lib/printable.js';
import { RegistrarError } from '../model/errors.js';
import type { KindNames } from '../model/kinds.js';
import { resourceOf } from '../model/kinds.js';

/** What Kubernetes says about a path that leads nowhere. */
export const NO_SUCH_PATH = 'the server could not find the requested resource';

export const badRequest = (message: string): RegistrarError =>
  new RegistrarError('BAD_REQUEST', message);

export function noSuchObject(definition: KindNames, name: string): RegistrarError {
  const message = `${resourceOf(definition)} "${printable(name)}" not found`;
  return new RegistrarError('NOT_FOUND', message, {
    kind: definition.kind,
    name: printable(name),
  });
}

/** INVALID for a query parameter that has no place in a request. */
export function forbiddenParameter(field: string, why: string): RegistrarError {
  const message = `Forbidden: ${why}`;
  return new RegistrarError('INVALID', `${field}: ${message}`, {
    causes: [{ field, message, reason: 'FieldValueForbidden' }],
  });
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

/** What Kubernetes says about a verb that a resource does not have. */
export function unsupportedVerb({ verb, group, resource }: ResourceVerb): RegistrarError {
  const kind = group === '' ? resource : `${resource}.${group}`;
  const message = `${verb} is not supported on resources of kind "${kind}"`;
  return new RegistrarError('METHOD_NOT_ALLOWED', message);
}

interface ResourceVerb {
  readonly verb: string;
  /** Empty for the core group. */
  readonly group: string;
  /** Plural name, with the subresource after a slash. */
  readonly resource: string;
}
