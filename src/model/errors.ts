/** What the loop or the API does about an error, so that nobody has to read its text. */
interface CodeEntry {
  /** HTTP status the API answers with. */
  readonly http: number;
  /** Kubernetes `Status.reason`; also the reason shown in conditions and events. */
  readonly reason: string;
  /**
   * What the controller does: `stalled` waits for a new generation, `transient` retries with
   * backoff, `bug` retries with backoff and logs a stack.
   */
  readonly retry: 'stalled' | 'transient' | 'bug';
}

/** Every error code there is. docs/errors.md explains each one; a test compares the two. */
export const ERROR_CODES = {
  BAD_REQUEST: { http: 400, reason: 'BadRequest', retry: 'stalled' },
  UNAUTHORIZED: { http: 401, reason: 'Unauthorized', retry: 'stalled' },
  FORBIDDEN: { http: 403, reason: 'Forbidden', retry: 'stalled' },
  NOT_FOUND: { http: 404, reason: 'NotFound', retry: 'stalled' },
  METHOD_NOT_ALLOWED: { http: 405, reason: 'MethodNotAllowed', retry: 'stalled' },
  NOT_ACCEPTABLE: { http: 406, reason: 'NotAcceptable', retry: 'stalled' },
  ALREADY_EXISTS: { http: 409, reason: 'AlreadyExists', retry: 'stalled' },
  CONFLICT: { http: 409, reason: 'Conflict', retry: 'transient' },
  OWNED_BY_FILE: { http: 409, reason: 'Conflict', retry: 'stalled' },
  MODULE_NEEDED: { http: 409, reason: 'Conflict', retry: 'stalled' },
  OWNED_BY_SET: { http: 409, reason: 'Conflict', retry: 'stalled' },
  EXPIRED: { http: 410, reason: 'Expired', retry: 'transient' },
  TOO_LARGE: { http: 413, reason: 'RequestEntityTooLarge', retry: 'stalled' },
  UNSUPPORTED_MEDIA_TYPE: { http: 415, reason: 'UnsupportedMediaType', retry: 'stalled' },
  INVALID: { http: 422, reason: 'Invalid', retry: 'stalled' },
  DEPENDENCY_CYCLE: { http: 422, reason: 'Invalid', retry: 'stalled' },
  TOO_MANY_REQUESTS: { http: 429, reason: 'TooManyRequests', retry: 'transient' },
  TOO_MANY_FAILURES: { http: 429, reason: 'TooManyRequests', retry: 'transient' },
  INTERNAL: { http: 500, reason: 'InternalError', retry: 'bug' },
  STORE_UNAVAILABLE: { http: 503, reason: 'ServiceUnavailable', retry: 'transient' },
  ISSUER_UNAVAILABLE: { http: 503, reason: 'ServiceUnavailable', retry: 'transient' },
  SHUTTING_DOWN: { http: 503, reason: 'ServiceUnavailable', retry: 'transient' },
  TOO_NEW: { http: 504, reason: 'Timeout', retry: 'transient' },

  DATA_DIR_LOCKED: { http: 500, reason: 'DataDirLocked', retry: 'stalled' },
  DATA_DIR_UNUSABLE: { http: 500, reason: 'DataDirUnusable', retry: 'stalled' },
  ADDRESS_UNUSABLE: { http: 500, reason: 'AddressUnusable', retry: 'stalled' },
  CERTIFICATE_UNUSABLE: { http: 500, reason: 'CertificateUnusable', retry: 'stalled' },
  STORE_DAMAGED: { http: 503, reason: 'StoreDamaged', retry: 'stalled' },
  SCHEMA_TOO_NEW: { http: 500, reason: 'SchemaTooNew', retry: 'stalled' },

  ENGINE_UNAVAILABLE: { http: 503, reason: 'EngineUnavailable', retry: 'transient' },
  ENGINE_TIMEOUT: { http: 503, reason: 'EngineTimeout', retry: 'transient' },
  ENGINE_CHANGED: { http: 409, reason: 'EngineChanged', retry: 'transient' },
  ENGINE_ERROR: { http: 503, reason: 'EngineError', retry: 'transient' },
  ENGINE_DISK_FULL: { http: 503, reason: 'EngineDiskFull', retry: 'transient' },
  CONTAINER_GONE: { http: 404, reason: 'ContainerGone', retry: 'transient' },
  CONTAINER_BUSY: { http: 409, reason: 'ContainerBusy', retry: 'transient' },
  CONTAINER_NOT_RUNNING: { http: 409, reason: 'ContainerNotRunning', retry: 'transient' },
  NAME_CONFLICT: { http: 409, reason: 'NameConflict', retry: 'transient' },
  PORT_CONFLICT: { http: 409, reason: 'PortConflict', retry: 'transient' },
  GPU_UNAVAILABLE: { http: 422, reason: 'GpuUnavailable', retry: 'transient' },
  DISK_LOW: { http: 503, reason: 'DiskLow', retry: 'transient' },
  START_FAILED: { http: 500, reason: 'StartFailed', retry: 'transient' },
  IMAGE_NOT_FOUND: { http: 404, reason: 'ImageNotFound', retry: 'transient' },
  IMAGE_PULL_FAILED: { http: 502, reason: 'ImagePullFailed', retry: 'transient' },
  BUILD_FAILED: { http: 422, reason: 'BuildFailed', retry: 'transient' },
  BUILD_LIMIT: { http: 422, reason: 'BuildLimit', retry: 'stalled' },
  HOST_PATH_REFUSED: { http: 422, reason: 'HostPathRefused', retry: 'transient' },
  SECRET_FILES_UNAVAILABLE: { http: 503, reason: 'SecretFilesUnavailable', retry: 'transient' },
  SOURCE_UNREADABLE: { http: 422, reason: 'SourceUnreadable', retry: 'stalled' },
  NOT_VERIFIED: { http: 503, reason: 'NotVerified', retry: 'transient' },
  POLICY_UNUSABLE: { http: 422, reason: 'PolicyUnusable', retry: 'transient' },
  SECRET_UNREADABLE: { http: 500, reason: 'SecretUnreadable', retry: 'transient' },

  SOURCE_UNAVAILABLE: { http: 503, reason: 'SourceUnavailable', retry: 'transient' },
  SOURCE_NOT_FOUND: { http: 404, reason: 'SourceNotFound', retry: 'transient' },
  SOURCE_REFUSED: { http: 422, reason: 'SourceRefused', retry: 'stalled' },
  SOURCE_TOO_LARGE: { http: 422, reason: 'SourceTooLarge', retry: 'stalled' },
  PACKAGE_UNAVAILABLE: { http: 503, reason: 'PackageUnavailable', retry: 'transient' },
  PACKAGE_GONE: { http: 404, reason: 'PackageGone', retry: 'transient' },

  SERVER_UNREACHABLE: { http: 503, reason: 'ServerUnreachable', retry: 'transient' },
  SERVER_UNTRUSTED: { http: 502, reason: 'ServerUntrusted', retry: 'stalled' },
  WAIT_TIMEOUT: { http: 504, reason: 'WaitTimeout', retry: 'transient' },
} as const satisfies Record<string, CodeEntry>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** What is wrong with the value of a field. */
export type FieldReason =
  | 'FieldValueRequired'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueTypeInvalid'
  | 'FieldValueForbidden'
  | 'FieldValueDuplicate';

/** One thing wrong with one field, as Kubernetes puts it in `Status.details.causes`. */
export interface Cause {
  /** Path such as `spec.ports[0].hostPort`. */
  readonly field: string;
  readonly message: string;
  /** `FieldManagerConflict` for a field that is another manager's. */
  readonly reason: FieldReason | 'FieldManagerConflict';
}

export interface ErrorDetails {
  /** Name and kind of the object the error is about. */
  readonly name?: string;
  readonly kind?: string;
  /** API group, when `kind` is none that the registry stores. */
  readonly group?: string;
  readonly causes?: readonly Cause[];
  /** Seconds after which trying again makes sense. */
  readonly retryAfterSeconds?: number;
}

/** The one error class: `code` decides what happens, the message is for people. */
export class RegistrarError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, options: ErrorDetails & { cause?: unknown } = {}) {
    const { cause, ...details } = options;
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'RegistrarError';
    this.code = code;
    this.details = details;
  }

  /** CamelCase word for conditions, events and Kubernetes `Status.reason`. */
  get reason(): string {
    return ERROR_CODES[this.code].reason;
  }
}

/** True for a RegistrarError, with one of the codes when any are given. */
export function isRegistrarError(error: unknown, ...codes: ErrorCode[]): error is RegistrarError {
  return error instanceof RegistrarError && (codes.length === 0 || codes.includes(error.code));
}

/** The error itself, or an INTERNAL one around something that is not ours (a bug). */
export function toRegistrarError(error: unknown): RegistrarError {
  if (error instanceof RegistrarError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new RegistrarError('INTERNAL', message, { cause: error });
}
