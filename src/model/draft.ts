import type { ObjectMeta, StoredMeta } from './meta.js';
import {
  CONFIG_FILE_ANNOTATION,
  CONTAINERS_FINALIZER,
  MODULES_FINALIZER,
  PRUNE_HELD_ANNOTATION,
  ROLLOUT_ANNOTATIONS,
  UPDATE_NOW_ANNOTATION,
} from './names.js';
import { isSetReference, SET_LABEL, setOwnerReference } from './owner.js';

/** An object as a person wrote it, checked and with defaults. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec: object;
}

/** What is handed to the registry for a manifest: without status and server-owned metadata. */
export type DraftFor<M extends Manifest> = M extends Manifest
  ? Pick<M, 'apiVersion' | 'kind' | 'spec'> & { readonly metadata: ObjectMeta }
  : never;

export interface DraftContext {
  /** The stored object that the manifest updates; undefined for a new one. */
  readonly current?: { readonly metadata: StoredMeta } | undefined;
  /**
   * The file that declares the object: it becomes the owner, and a held removal is over. Keeps the
   * present owner, and the hold, when absent.
   */
  readonly configFile?: string | undefined;
  /** A whole object, as clients of the API send it: what it does not have was taken away. */
  readonly isWhole?: boolean;
  /** The set that stamps the object: it becomes the owner. Keeps the present one when absent. */
  readonly set?: { readonly name: string; readonly uid: string } | undefined;
}

/** What is particular to the drafts of a kind. */
interface Particulars {
  /** Annotations that are set through the API, whoever owns the object: they stay. */
  readonly lasting: readonly string[];
  /** What every object has that is not being deleted. */
  readonly finalizers: readonly string[];
}

const MODULE: Particulars = {
  lasting: [...ROLLOUT_ANNOTATIONS, UPDATE_NOW_ANNOTATION],
  /** Makes the deletion wait for the containers. */
  finalizers: [CONTAINERS_FINALIZER],
};
/** The deletion of a set waits for its modules. */
const MODULE_SET: Particulars = { lasting: [], finalizers: [MODULES_FINALIZER] };
const OTHERS: Particulars = { lasting: [], finalizers: [] };

const PARTICULARS = new Map([
  ['Module', MODULE],
  ['ModuleSet', MODULE_SET],
]);

const particularsOf = (kind: string): Particulars => PARTICULARS.get(kind) ?? OTHERS;

/** Annotations of a kind that stay unless a manifest says another value. */
export const lastingAnnotations = (kind: string): readonly string[] => particularsOf(kind).lasting;

/**
 * What is to be stored for a manifest. A status in it is ignored, and what it says of the config
 * directory and of the set that stamps it. What was said of its rollouts stays unless the manifest
 * says another or is the whole object, finalizers stay unless it has a list of its own.
 */
export function draftOf<M extends Manifest>(manifest: M, context: DraftContext = {}): DraftFor<M> {
  const { name } = manifest.metadata;
  const ownerReferences = ownerReferencesOf(manifest, context);
  const labels = labelsOf(manifest, ownerReferences);
  const annotations = annotationsOf(manifest, context);
  const finalizers = finalizersOf(manifest, context.current);
  const metadata: ObjectMeta = {
    name,
    ...(isFilled(labels) && { labels }),
    ...(isFilled(annotations) && { annotations }),
    ...(isFilled(finalizers) && { finalizers }),
    ...(isFilled(ownerReferences) && { ownerReferences }),
  };
  const { apiVersion, kind, spec } = manifest;
  return { apiVersion, kind, metadata, spec } as DraftFor<M>;
}

/** Whether a map or list has anything in it: an empty one and an absent one are stored alike. */
const isFilled = <T extends object>(value: T | undefined): value is T =>
  value !== undefined && Object.keys(value).length > 0;

type References = NonNullable<ObjectMeta['ownerReferences']>;

function ownerReferencesOf({ metadata }: Manifest, { current, set }: DraftContext): References {
  const others = (metadata.ownerReferences ?? []).filter((one) => !isSetReference(one));
  const stored = current?.metadata.ownerReferences?.filter(isSetReference) ?? [];
  return [...others, ...(set === undefined ? stored : [setOwnerReference(set)])];
}

/** The label says the same as the reference, for selectors. */
function labelsOf({ metadata }: Manifest, references: References): Record<string, string> {
  const { [SET_LABEL]: _claimed, ...labels } = metadata.labels ?? {};
  const set = references.find(isSetReference)?.['name'];
  return typeof set === 'string' ? { ...labels, [SET_LABEL]: set } : labels;
}

function annotationsOf(manifest: Manifest, context: DraftContext): Record<string, string> {
  const stored = context.current?.metadata.annotations;
  const {
    [CONFIG_FILE_ANNOTATION]: _claimed,
    [PRUNE_HELD_ANNOTATION]: _held,
    ...declared
  } = manifest.metadata.annotations ?? {};
  const owner = context.configFile ?? stored?.[CONFIG_FILE_ANNOTATION];
  const held = context.configFile === undefined ? stored?.[PRUNE_HELD_ANNOTATION] : undefined;
  const lasting = lastingAnnotations(manifest.kind).flatMap((key) => {
    const value = declared[key] ?? (context.isWhole === true ? undefined : stored?.[key]);
    return value === undefined ? [] : [[key, value] as const];
  });
  return {
    ...declared,
    ...Object.fromEntries(lasting),
    ...(owner !== undefined && { [CONFIG_FILE_ANNOTATION]: owner }),
    ...(held !== undefined && { [PRUNE_HELD_ANNOTATION]: held }),
  };
}

function finalizersOf(manifest: Manifest, current: DraftContext['current']): string[] {
  const finalizers = manifest.metadata.finalizers ?? current?.metadata.finalizers ?? [];
  if (current?.metadata.deletionTimestamp !== undefined) return finalizers;
  return [...new Set([...finalizers, ...particularsOf(manifest.kind).finalizers])];
}
