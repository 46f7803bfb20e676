import { ERROR_CODES } from '../model/errors.js';
import type { Cause, RegistrarError } from '../model/errors.js';
import type { KindDefinition } from '../kinds/definition.js';
import { KINDS } from '../kinds/registered.js';
import type { StoredMeta } from '../model/meta.js';

interface StatusCause extends Omit<Cause, 'reason'> {
  readonly reason: Cause['reason'] | 'ResourceVersionTooLarge';
}

/** The Kubernetes object that answers a failed request, or a deletion. */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: Record<string, never>;
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: {
    readonly name?: string;
    readonly group?: string;
    readonly kind?: string;
    readonly uid?: string;
    readonly causes?: readonly StatusCause[];
    readonly retryAfterSeconds?: number;
  };
  readonly code?: number;
}

const BASE = { kind: 'Status', apiVersion: 'v1', metadata: {} } as const;

/** Answer to a deletion that is complete; clients know the object by its uid. */
export function deletedStatus(
  definition: KindDefinition,
  meta: Pick<StoredMeta, 'name' | 'uid'>,
): Status {
  const { group, plural } = definition;
  return {
    ...BASE,
    status: 'Success',
    details: { name: meta.name, group, kind: plural, uid: meta.uid },
  };
}

/** The Status that tells a client about an error. What is inside of a 500 is not told. */
export function failureStatus(error: RegistrarError, requestId: string): Status {
  const { http, reason } = ERROR_CODES[error.code];
  return {
    ...BASE,
    status: 'Failure',
    message: error.code === 'INTERNAL' ? hidden(requestId) : error.message,
    reason,
    details: detailsOf(error),
    code: http,
  };
}

const hidden = (requestId: string): string =>
  `Internal error occurred: look for request "${requestId}" in the log of the daemon`;

function detailsOf(error: RegistrarError): NonNullable<Status['details']> {
  const { name, kind, causes, retryAfterSeconds } = error.details;
  const definition = definitionOf(error);
  const group = definition?.group ?? error.details.group;
  const shownKind = error.code === 'INVALID' ? definition?.kind : definition?.plural;
  return {
    ...(name !== undefined && { name }),
    ...(group !== undefined && { group }),
    ...((shownKind ?? kind) !== undefined && { kind: shownKind ?? kind ?? '' }),
    ...(causes !== undefined && { causes }),
    ...(error.code === 'TOO_NEW' && { causes: [TOO_LARGE] }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  };
}

/** What informers look for to know that they must list again without a version. */
const TOO_LARGE: StatusCause = {
  reason: 'ResourceVersionTooLarge',
  message: 'Too large resource version',
  field: '',
};

function definitionOf(error: RegistrarError): KindDefinition | undefined {
  const definitions: readonly KindDefinition[] = Object.values(KINDS);
  return definitions.find(({ kind }) => kind === error.details.kind);
}
