import type { FastifyRequest } from 'fastify';
import { findHidden, printable } from '../../lib/printable.js';
import { MAX_MANAGER_LENGTH } from '../../managed-fields/read-entries.js';
import { RegistrarError } from '../../model/errors.js';
import type { FieldReason } from '../../model/errors.js';
import { flagOf, textOf } from './query.js';
import type { Query } from './query.js';

/** Who does not say who it is. */
const UNKNOWN = 'unknown';

/** Whom a write is put down to: what the query says, else the program that the client says it is. */
export function fieldManagerOf(request: FastifyRequest): string {
  return namedManager(request.query as Query) ?? userAgentOf(request);
}

/** Whom an apply is put down to, which must be said. Throws INVALID. */
export function requiredFieldManagerOf(request: FastifyRequest): string {
  const manager = namedManager(request.query as Query);
  if (manager !== undefined) return manager;
  const message = 'Required value: is required for apply patch';
  throw wrong('fieldManager', message, 'FieldValueRequired');
}

function namedManager(query: Query): string | undefined {
  const manager = textOf(query, 'fieldManager');
  if (manager === undefined) return undefined;
  const shown = `Invalid value: "${printable(manager, MAX_MANAGER_LENGTH)}"`;
  if (manager.length > MAX_MANAGER_LENGTH) {
    const message = `${shown}: may not be longer than ${MAX_MANAGER_LENGTH} characters`;
    throw wrong('fieldManager', message, 'FieldValueInvalid');
  }
  if (isPrintable(manager)) return manager;
  throw wrong('fieldManager', `${shown}: must be printable`, 'FieldValueInvalid');
}

function userAgentOf({ headers }: FastifyRequest): string {
  const [program = ''] = (headers['user-agent'] ?? '').split('/');
  const name = program.slice(0, MAX_MANAGER_LENGTH).trim();
  return name !== '' && isPrintable(name) ? name : UNKNOWN;
}

const isPrintable = (text: string): boolean =>
  findHidden(text) === undefined && !/[\t\n]/.test(text);

/** Throws INVALID when a write that is no apply is to be forced. */
export function refuseForce(query: Query): void {
  if (flagOf(query, 'force') === undefined) return;
  const message = 'Forbidden: may not be specified for non-apply patch';
  throw wrong('force', message, 'FieldValueForbidden');
}

function wrong(field: string, message: string, reason: FieldReason): RegistrarError {
  const causes = [{ field, message, reason }];
  return new RegistrarError('INVALID', `${field}: ${message}`, { causes });
}
