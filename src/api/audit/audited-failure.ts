import type { FastifyRequest } from 'fastify';
import { ERROR_CODES, toRegistrarError } from '../../model/errors.js';
import type { ErrorCode, RegistrarError } from '../../model/errors.js';
import { auditEntryOf } from './audit-entry.js';
import { isMutation } from './mutation.js';
import type { RefusalLog } from './refusal-log.js';

const DENIED: ReadonlySet<ErrorCode> = new Set(['UNAUTHORIZED', 'FORBIDDEN', 'TOO_MANY_FAILURES']);

/** Then nothing can be noted either, and nothing was done. */
const UNNOTABLE: ReadonlySet<ErrorCode> = new Set(['STORE_UNAVAILABLE', 'SHUTTING_DOWN']);

/**
 * Notes a request that was denied, or a change that was refused, before it is answered. Resolves to
 * the error to answer with: STORE_UNAVAILABLE when it cannot be noted.
 */
export async function noteFailure(
  refusals: RefusalLog,
  error: RegistrarError,
  request: FastifyRequest,
): Promise<RegistrarError> {
  if (!isNoted(error, request)) return error;
  const { http: code, reason } = ERROR_CODES[error.code];
  const entry = auditEntryOf(request);
  const name = entry.name === '' ? (error.details.name ?? '') : entry.name;
  const isKnown = request.identity !== undefined;
  try {
    await refusals.note({ ...entry, name }, { code, reason }, isKnown);
    return error;
  } catch (unnoted) {
    return toRegistrarError(unnoted);
  }
}

function isNoted({ code }: RegistrarError, request: FastifyRequest): boolean {
  if (DENIED.has(code)) return true;
  return request.identity !== undefined && !UNNOTABLE.has(code) && isMutation(request);
}
