import type { JsonObject } from '../lib/merge-patch.js';
import type { KindNames } from '../model/kinds.js';
import { CLI_MANAGER } from '../model/names.js';
import type { AnyObject } from './answers.js';
import type { Client } from './http.js';
import { collectionPath, objectPath } from './resource.js';
import { isServerError } from './server-error.js';

const MERGE_PATCH = 'application/merge-patch+json';
const APPLY_PATCH = 'application/apply-patch+yaml';

/** How whatever a client writes is checked, and whom it is put down to. */
export const STRICT = { fieldManager: CLI_MANAGER, fieldValidation: 'Strict' };

export interface WriteOptions {
  /** Checks and answers, but stores nothing. */
  readonly dryRun?: boolean;
  /** Whom the written fields are put down to; `registrar` when it is not said. */
  readonly fieldManager?: string;
}

/** An object as the server answers it: of what it holds, only the metadata is sure. */
export type LiveObject = AnyObject & JsonObject;

const queryOf = ({ dryRun, fieldManager = STRICT.fieldManager }: WriteOptions) => ({
  ...STRICT,
  fieldManager,
  dryRun: dryRun ? 'All' : undefined,
});

/** The stored object, or undefined when there is none. */
export async function findObject(
  client: Client,
  kind: KindNames,
  name: string,
): Promise<LiveObject | undefined> {
  try {
    return (await client.json({ path: objectPath(kind, name) })) as LiveObject;
  } catch (error) {
    if (isServerError(error, 404)) return undefined;
    throw error;
  }
}

/** Creates from a manifest; `body` may be anything, the server checks it. */
export async function createObject(
  client: Client,
  kind: KindNames,
  body: unknown,
  options: WriteOptions = {},
): Promise<LiveObject> {
  const path = collectionPath(kind);
  const query = queryOf(options);
  return (await client.json({ method: 'POST', path, query, body })) as LiveObject;
}

/** Applies an RFC 7386 merge patch to an object, or to the part of it that `subresource` names. */
export async function patchObject(
  client: Client,
  kind: KindNames,
  name: string,
  patch: unknown,
  { subresource = '', ...options }: WriteOptions & { readonly subresource?: string } = {},
): Promise<LiveObject> {
  const answer = await client.json({
    method: 'PATCH',
    path: objectPath(kind, name) + subresource,
    query: queryOf(options),
    body: patch,
    contentType: MERGE_PATCH,
  });
  return answer as LiveObject;
}

/** Server-side apply; `force` takes what belongs to other managers. */
export async function applyObject(
  client: Client,
  kind: KindNames,
  name: string,
  config: unknown,
  { force, ...options }: WriteOptions & { readonly force: boolean },
): Promise<LiveObject> {
  const answer = await client.json({
    method: 'PATCH',
    path: objectPath(kind, name),
    query: { ...queryOf(options), force: force ? 'true' : 'false' },
    body: config,
    contentType: APPLY_PATCH,
  });
  return answer as LiveObject;
}

/** Asks for deletion, with `cascade` also of all that needs it; resolves to the uid of what was deleted, which may still be going. */
export async function deleteObject(
  client: Client,
  kind: KindNames,
  name: string,
  { dryRun, cascade }: WriteOptions & { readonly cascade?: boolean } = {},
): Promise<string> {
  const propagationPolicy = cascade ? 'Foreground' : 'Background';
  const body = { propagationPolicy, ...(dryRun ? { dryRun: ['All'] } : {}) };
  const path = objectPath(kind, name);
  const answer = (await client.json({ method: 'DELETE', path, body })) as {
    metadata?: { uid?: string };
    details?: { uid?: string };
  };
  return answer.metadata?.uid ?? answer.details?.uid ?? '';
}
