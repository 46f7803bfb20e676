import { ERROR_CODES, RegistrarError } from '../model/errors.js';
import type { Cause, ErrorCode } from '../model/errors.js';

/** A Kubernetes Status object, as far as errors use it. */
export interface StatusBody {
  readonly kind?: unknown;
  readonly message?: unknown;
  readonly reason?: unknown;
  readonly code?: unknown;
  readonly details?: {
    readonly name?: string;
    readonly kind?: string;
    readonly causes?: readonly Cause[];
    readonly retryAfterSeconds?: number;
  };
}

function codeOf(http: number, reason: string): ErrorCode {
  const entries = Object.entries(ERROR_CODES) as [ErrorCode, (typeof ERROR_CODES)[ErrorCode]][];
  const exact = entries.find(([, entry]) => entry.http === http && entry.reason === reason);
  const near = entries.find(([, entry]) => entry.http === http);
  return (exact ?? near)?.[0] ?? 'INTERNAL';
}

/** An answer of the server that is not success. */
export class ServerError extends RegistrarError {
  /** HTTP status of the answer. */
  readonly http: number;
  /** `Status.reason`, or `Unknown` for an answer that is no Status. */
  readonly serverReason: string;

  constructor(http: number, body: StatusBody) {
    const reason = typeof body.reason === 'string' ? body.reason : 'Unknown';
    const message = typeof body.message === 'string' ? body.message : `HTTP status ${http}`;
    super(codeOf(http, reason), message, body.details);
    this.name = 'ServerError';
    this.http = http;
    this.serverReason = reason;
  }
}

/** True for an answer of the server with that HTTP status. */
export function isServerError(error: unknown, http: number): error is ServerError {
  return error instanceof ServerError && error.http === http;
}
