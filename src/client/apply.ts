import { isDeepStrictEqual } from 'node:util';
import { changesBetween } from '../lib/field-changes.js';
import type { FieldChange } from '../lib/field-changes.js';
import { mergePatch } from '../lib/merge-patch.js';
import type { JsonObject } from '../lib/merge-patch.js';
import type { KindNames } from '../model/kinds.js';
import { CLIENT_SIDE_MANAGER } from '../model/names.js';
import type { DeclaredObject } from './documents.js';
import type { Client } from './http.js';
import { LAST_APPLIED, lastApplied, toApply, withLastApplied } from './last-applied.js';
import { applyObject, createObject, findObject, patchObject } from './objects.js';
import type { LiveObject, WriteOptions } from './objects.js';
import { threeWayPatch } from './three-way.js';

export interface Applied {
  readonly object: LiveObject;
  readonly verb: 'created' | 'configured' | 'unchanged' | 'serverside-applied';
}

/** What to apply: a manifest, and which object it is of. */
export type ToApply = Pick<DeclaredObject, 'kind' | 'name' | 'manifest'>;

async function update(
  client: Client,
  kind: KindNames,
  live: LiveObject,
  manifest: JsonObject,
  options: WriteOptions,
): Promise<Applied> {
  const wanted = withLastApplied(manifest);
  const patch = threeWayPatch(lastApplied(live), wanted, live);
  if (Object.keys(patch).length === 0) return { object: live, verb: 'unchanged' };
  const object = await patchObject(client, kind, live.metadata.name, patch, options);
  const same = isDeepStrictEqual(declared(object), declared(live));
  return { object, verb: same ? 'unchanged' : 'configured' };
}

/** An object without what the controller writes, and the version that this raises. */
function declared({ status: _status, metadata, ...object }: LiveObject): object {
  const { resourceVersion: _version, ...kept } = metadata;
  return { ...object, metadata: kept };
}

/**
 * Creates the object, or brings it to the manifest as `kubectl apply` does on the client side: what
 * the manifest does not mention stays as others set it.
 */
export async function applyManifest(
  client: Client,
  { kind, name, manifest }: ToApply,
  options: WriteOptions = {},
): Promise<Applied> {
  const wanted = toApply(manifest);
  const live = await findObject(client, kind, name);
  const write = { ...options, fieldManager: CLIENT_SIDE_MANAGER };
  if (live) return update(client, kind, live, wanted, write);
  const object = await createObject(client, kind, withLastApplied(wanted), write);
  return { object, verb: 'created' };
}

/** Lets the server apply a manifest: it knows who has which field. CONFLICT for what is another's. */
export async function applyOnServer(
  client: Client,
  { kind, name, manifest }: ToApply,
  options: WriteOptions & { readonly force: boolean },
): Promise<Applied> {
  const { status: _status, ...config } = manifest;
  const object = await applyObject(client, kind, name, config, options);
  return { object, verb: 'serverside-applied' };
}

/** The object as applying the manifest would leave it, before the server's defaults. */
export function afterApply(live: LiveObject | undefined, manifest: JsonObject): JsonObject {
  const wanted = toApply(manifest);
  if (live === undefined) return wanted;
  return mergePatch(live, threeWayPatch(lastApplied(live), wanted, live)) as JsonObject;
}

/** What a person said in the metadata; that it was applied is no change by itself. */
function said({ metadata }: JsonObject): object {
  const { labels = {}, annotations = {} } = metadata as Partial<LiveObject['metadata']>;
  const { [LAST_APPLIED]: _record, ...notes } = annotations;
  return { labels, annotations: notes };
}

/** The labels and annotations that applying would change, which a plan for containers leaves out. */
export function metadataChanges(live: JsonObject, after: JsonObject): FieldChange[] {
  return changesBetween(said(live), said(after), ['metadata']);
}

/** All that applying would change of an object, by what the server would store. */
export async function changesOf(
  client: Client,
  wanted: ToApply,
  live: LiveObject | undefined,
): Promise<FieldChange[]> {
  const { object } = await applyManifest(client, wanted, { dryRun: true });
  if (live === undefined) return [];
  return [...metadataChanges(live, object), ...changesBetween(bodyOf(live), bodyOf(object), [])];
}

/** What a person decides about an object beside its labels and annotations. */
function bodyOf({ metadata: _metadata, status: _status, ...body }: LiveObject): object {
  return body;
}
