import { isDeepStrictEqual } from 'node:util';
import { changesBetween } from '../lib/field-changes.js';
import type { FieldChange } from '../lib/field-changes.js';
import type { Module } from '../model/module.js';
import { CLIENT_SIDE_MANAGER } from '../model/names.js';
import type { Client } from './http.js';
import { lastApplied, toApply, withLastApplied } from './last-applied.js';
import { applyModule, createModule, getModule, patchModule } from './modules.js';
import type { WriteOptions } from './modules.js';
import { isServerError } from './server-error.js';
import { mergePatch } from '../lib/merge-patch.js';
import { threeWayPatch } from './three-way.js';
import type { JsonObject } from '../lib/merge-patch.js';

export interface Applied {
  readonly module: Module;
  readonly verb: 'created' | 'configured' | 'unchanged' | 'serverside-applied';
}

/** The stored module, or undefined when there is none. */
export async function findModule(client: Client, name: string): Promise<Module | undefined> {
  try {
    return await getModule(client, name);
  } catch (error) {
    if (isServerError(error, 404)) return undefined;
    throw error;
  }
}

const asObject = (module: Module): JsonObject => ({ ...module });

async function update(
  client: Client,
  live: Module,
  manifest: JsonObject,
  options: WriteOptions,
): Promise<Applied> {
  const wanted = withLastApplied(manifest);
  const patch = threeWayPatch(lastApplied(asObject(live)), wanted, asObject(live));
  if (Object.keys(patch).length === 0) return { module: live, verb: 'unchanged' };
  const module = await patchModule(client, live.metadata.name, patch, options);
  const same = isDeepStrictEqual(declared(module), declared(live));
  return { module, verb: same ? 'unchanged' : 'configured' };
}

/** A module without what the controller writes, and the version that this raises. */
function declared({ status: _status, metadata, ...module }: Module): object {
  const { resourceVersion: _version, ...kept } = metadata;
  return { ...module, metadata: kept };
}

/**
 * Creates the module, or brings it to the manifest as `kubectl apply` does on the client side: what
 * the manifest does not mention stays as others set it.
 */
export async function applyManifest(
  client: Client,
  name: string,
  manifest: JsonObject,
  options: WriteOptions = {},
): Promise<Applied> {
  const wanted = toApply(manifest);
  const live = await findModule(client, name);
  const write = { ...options, fieldManager: CLIENT_SIDE_MANAGER };
  if (live) return update(client, live, wanted, write);
  const module = await createModule(client, withLastApplied(wanted), write);
  return { module, verb: 'created' };
}

/** Lets the server apply a manifest: it knows who has which field. CONFLICT for what is another's. */
export async function applyOnServer(
  client: Client,
  name: string,
  manifest: JsonObject,
  options: WriteOptions & { readonly force: boolean },
): Promise<Applied> {
  const { status: _status, ...config } = manifest;
  const module = await applyModule(client, name, config, options);
  return { module, verb: 'serverside-applied' };
}

/** The module as applying the manifest would leave it, before the server's defaults. */
export function afterApply(live: Module | undefined, manifest: JsonObject): unknown {
  const wanted = toApply(manifest);
  if (live === undefined) return wanted;
  const current = asObject(live);
  return mergePatch(current, threeWayPatch(lastApplied(current), wanted, current));
}

const said = ({ metadata }: Module) => ({
  labels: metadata.labels ?? {},
  annotations: metadata.annotations ?? {},
});

/** The labels and annotations that applying would change, which a plan for containers leaves out. */
export function metadataChanges(live: Module, after: unknown): FieldChange[] {
  return changesBetween(said(live), said(after as Module), ['metadata']);
}
