import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import {
  ERROR_CODES,
  isRegistrarError,
  RegistrarError,
  toRegistrarError,
} from '../model/errors.js';
import type { ApiDeps } from './deps.js';
import { BODY_LIMIT } from '../model/body-limit.js';
import { NO_SUCH_PATH } from './refusals.js';
import { failureStatus } from './status.js';

/** Answers a failed request with a Status; logs what is our fault or the host's. */
export function sendFailure(
  deps: Pick<ApiDeps, 'log'>,
  error: RegistrarError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const status = failureStatus(error, request.id);
  const code = status.code ?? 500;
  if (code >= 500) logFailure(deps, error, request.id);
  const { retryAfterSeconds } = error.details;
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
  if (error.code === 'UNAUTHORIZED') reply.header('www-authenticate', 'Bearer');
  return reply.code(code).type('application/json').send(JSON.stringify(status));
}

/** A stack says where our mistake is; of a full disk or an absent engine it says nothing. */
function logFailure({ log }: Pick<ApiDeps, 'log'>, error: RegistrarError, requestId: string): void {
  if (ERROR_CODES[error.code].retry === 'bug') {
    log.error({ requestId, err: error }, 'Request failed');
  } else {
    log.warn({ requestId, reason: error.message }, 'Request refused');
  }
}

/** What the framework throws by itself, in our words; everything else as toRegistrarError. */
export function fromFramework(thrown: unknown): RegistrarError {
  if (isRegistrarError(thrown) || !isFastifyError(thrown)) return toRegistrarError(thrown);
  const cause = thrown;
  switch (thrown.statusCode) {
    case 413: {
      const message = `Request entity too large: limit is ${BODY_LIMIT}`;
      return new RegistrarError('TOO_LARGE', message, { cause });
    }
    case 414:
      return new RegistrarError('NOT_FOUND', NO_SUCH_PATH, { cause });
    case 415:
      return new RegistrarError('UNSUPPORTED_MEDIA_TYPE', 'The content type is malformed', {
        cause,
      });
    case 400:
      return new RegistrarError('BAD_REQUEST', 'The request is malformed', { cause });
    default:
      return toRegistrarError(thrown);
  }
}

const isFastifyError = (thrown: unknown): thrown is FastifyError =>
  thrown instanceof Error && 'statusCode' in thrown;
