import type { Module } from '../model/module.js';
import { CONFIG_FILE_ANNOTATION } from '../model/names.js';
import type { Client } from './http.js';
import { LAST_APPLIED } from './last-applied.js';
import { listModules } from './modules.js';
import { deleteObject } from './objects.js';
import type { WriteOptions } from './objects.js';
import { MODULES } from './resource.js';

/** True for a module that was applied once, is in no file of the daemon, and is not wanted now. */
function isPrunable({ metadata }: Module, wanted: ReadonlySet<string>): boolean {
  const { annotations = {}, deletionTimestamp, name } = metadata;
  const applied = LAST_APPLIED in annotations && !(CONFIG_FILE_ANNOTATION in annotations);
  return applied && deletionTimestamp === undefined && !wanted.has(name);
}

/** Deletes the applied modules of a label selector that are not in `wanted`; yields each name. */
export async function* prune(
  client: Client,
  labelSelector: string,
  wanted: ReadonlySet<string>,
  options: WriteOptions,
): AsyncGenerator<string> {
  const { items } = await listModules(client, { labelSelector });
  for (const { metadata } of items.filter((module) => isPrunable(module, wanted))) {
    await deleteObject(client, MODULES, metadata.name, options);
    yield metadata.name;
  }
}
