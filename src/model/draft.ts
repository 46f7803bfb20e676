import type { ObjectMeta } from './meta.js';
import type { Module, ModuleManifest } from './module.js';
import {
  CONFIG_FILE_ANNOTATION,
  CONTAINERS_FINALIZER,
  PRUNE_HELD_ANNOTATION,
  RESTARTED_AT_ANNOTATION,
} from './names.js';

/** A Module as it is handed to the registry: without status and server-owned metadata. */
export type ModuleDraft = Omit<Module, 'metadata' | 'status'> & { metadata: ObjectMeta };

export interface DraftContext {
  /** The stored module that the manifest updates; undefined for a new one. */
  readonly current?: Module | undefined;
  /**
   * The file that declares the module: it becomes the owner, and a held removal is over. Keeps the
   * present owner, and the hold, when absent.
   */
  readonly configFile?: string | undefined;
}

/**
 * What is to be stored for a manifest. A status in it is ignored, and what it says of the config
 * directory. A restart that was asked for stays unless the manifest says another, finalizers stay
 * unless it has a list of its own. A module that is not being deleted always has the finalizer that makes its deletion
 * wait for its containers.
 */
export function draftOf(manifest: ModuleManifest, context: DraftContext = {}): ModuleDraft {
  const { name, labels, ownerReferences } = manifest.metadata;
  const annotations = annotationsOf(manifest, context);
  const finalizers = finalizersOf(manifest, context.current);
  return {
    apiVersion: manifest.apiVersion,
    kind: manifest.kind,
    metadata: {
      name,
      ...(isFilled(labels) && { labels }),
      ...(isFilled(annotations) && { annotations }),
      ...(isFilled(finalizers) && { finalizers }),
      ...(isFilled(ownerReferences) && { ownerReferences }),
    },
    spec: manifest.spec,
  };
}

/** Whether a map or list has anything in it: an empty one and an absent one are stored alike. */
const isFilled = <T extends object>(value: T | undefined): value is T =>
  value !== undefined && Object.keys(value).length > 0;

function annotationsOf(manifest: ModuleManifest, context: DraftContext): Record<string, string> {
  const stored = context.current?.metadata.annotations;
  const {
    [CONFIG_FILE_ANNOTATION]: _claimed,
    [PRUNE_HELD_ANNOTATION]: _held,
    ...declared
  } = manifest.metadata.annotations ?? {};
  const owner = context.configFile ?? stored?.[CONFIG_FILE_ANNOTATION];
  const held = context.configFile === undefined ? stored?.[PRUNE_HELD_ANNOTATION] : undefined;
  const restartedAt = declared[RESTARTED_AT_ANNOTATION] ?? stored?.[RESTARTED_AT_ANNOTATION];
  return {
    ...declared,
    ...(restartedAt !== undefined && { [RESTARTED_AT_ANNOTATION]: restartedAt }),
    ...(owner !== undefined && { [CONFIG_FILE_ANNOTATION]: owner }),
    ...(held !== undefined && { [PRUNE_HELD_ANNOTATION]: held }),
  };
}

function finalizersOf(manifest: ModuleManifest, current: Module | undefined): string[] {
  const finalizers = manifest.metadata.finalizers ?? current?.metadata.finalizers ?? [];
  const isDeleted = current?.metadata.deletionTimestamp !== undefined;
  if (isDeleted || finalizers.includes(CONTAINERS_FINALIZER)) return finalizers;
  return [...finalizers, CONTAINERS_FINALIZER];
}
