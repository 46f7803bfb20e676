import { printable } from '../lib/printable.js';
import { RegistrarError } from '../model/errors.js';
import type { Cause } from '../model/errors.js';
import type { KindNames } from '../model/kinds.js';

/** INVALID with one cause; `name` is that of the object, empty when it has none. */
export function invalidField(
  { kind, group }: Pick<KindNames, 'kind' | 'group'>,
  name: string,
  cause: Cause,
): RegistrarError {
  const type = group === '' ? kind : `${kind}.${group}`;
  const shown = printable(name);
  const message = `${type} "${shown}" is invalid: ${cause.field}: ${cause.message}`;
  return new RegistrarError('INVALID', message, { kind, name: shown, causes: [cause] });
}
