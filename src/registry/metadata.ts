import { KINDS } from '../kinds/registered.js';
import type { KindName } from '../kinds/registered.js';
import type { ObjectMeta, StoredMeta } from '../model/meta.js';
import { sameJson } from '../lib/same-json.js';
import type { Preconditions } from './registry.js';
import { newFinalizerForbidden, notNewest, otherUid } from './refusals.js';
import type { AnyObject } from './stored.js';

/** What a write needs that no rule can work out. */
export interface Stamp {
  /** RFC 3339. */
  readonly now: string;
  readonly uid: string;
  /** Five random characters that end a generated name. */
  readonly suffix: string;
}

/** Kubernetes cuts what comes before the random characters so that the name stays a label. */
const MAX_GENERATED_BASE = 58;

/** The part of the metadata that writers own. */
type OwnedByWriter = Pick<
  ObjectMeta,
  'labels' | 'annotations' | 'finalizers' | 'ownerReferences' | 'managedFields'
>;

type Values<T> = { [P in keyof T]?: T[P] | undefined };

/**
 * Metadata in the one form that is stored: empty maps and lists are left out, and a grace period
 * of 0 comes with every deletionTimestamp.
 */
export function storedMeta(
  meta: Omit<StoredMeta, keyof OwnedByWriter | 'deletionTimestamp'> &
    Values<OwnedByWriter & Pick<ObjectMeta, 'deletionTimestamp'>>,
): StoredMeta {
  const { labels, annotations, finalizers, ownerReferences, managedFields, deletionTimestamp } =
    meta;
  const { name, namespace, uid, resourceVersion, generation, creationTimestamp } = meta;
  return {
    ...{ name, uid, resourceVersion, generation, creationTimestamp },
    ...(namespace === undefined ? {} : { namespace }),
    ...(deletionTimestamp === undefined
      ? {}
      : { deletionTimestamp, deletionGracePeriodSeconds: 0 }),
    ...(isEmpty(labels) ? {} : { labels }),
    ...(isEmpty(annotations) ? {} : { annotations }),
    ...(isEmpty(finalizers) ? {} : { finalizers }),
    ...(isEmpty(ownerReferences) ? {} : { ownerReferences }),
    ...(isEmpty(managedFields) ? {} : { managedFields }),
  };
}

function isEmpty(value: object | undefined): value is undefined {
  return value === undefined || Object.keys(value).length === 0;
}

/** The name a draft asks for: its own, or one made from `generateName`; empty when it has neither. */
export function nameOf(draft: ObjectMeta, stamp: Stamp): string {
  if (draft.name || !draft.generateName) return draft.name;
  return draft.generateName.slice(0, MAX_GENERATED_BASE) + stamp.suffix;
}

/** Metadata of a new object; the resourceVersion is empty until the write has one. */
export function createdMeta(kind: KindName, draft: ObjectMeta, stamp: Stamp): StoredMeta {
  return storedMeta({
    ...ownedByWriter(draft),
    name: nameOf(draft, stamp),
    ...(KINDS[kind].namespaced ? { namespace: draft.namespace ?? 'default' } : {}),
    uid: stamp.uid,
    resourceVersion: '',
    generation: 1,
    creationTimestamp: stamp.now,
  });
}

/** The metadata of `current` with the writers' part taken from the draft. */
export function updatedMeta(current: StoredMeta, draft: ObjectMeta): StoredMeta {
  return storedMeta({ ...current, ...ownedByWriter(draft) });
}

/** The metadata of `current` once its deletion has started. */
export function deletingMeta(current: StoredMeta, now: string): StoredMeta {
  return storedMeta({ ...current, generation: current.generation + 1, deletionTimestamp: now });
}

function ownedByWriter(draft: ObjectMeta): Required<Values<OwnedByWriter>> {
  const { labels, annotations, finalizers, ownerReferences, managedFields } = draft;
  return { labels, annotations, finalizers, ownerReferences, managedFields };
}

/** `next` with its generation raised when anything but metadata and status differs. */
export function withGeneration<T extends AnyObject>(current: AnyObject, next: T): T {
  if (sameJson(bodyOf(current), bodyOf(next))) return next;
  const generation = current.metadata.generation + 1;
  return { ...next, metadata: { ...next.metadata, generation } };
}

const bodyOf = (object: AnyObject): object => ({
  ...object,
  metadata: undefined,
  status: undefined,
});

/** True when nothing holds a deleted object any more. */
export function isReleased(meta: StoredMeta): boolean {
  return meta.deletionTimestamp !== undefined && isEmpty(meta.finalizers);
}

/** Throws CONFLICT when the object is another one, or not the one that the caller read. */
export function checkPreconditions(object: AnyObject, expected: Preconditions): void {
  const { uid, resourceVersion } = object.metadata;
  if (expected.uid !== undefined && expected.uid !== uid) throw otherUid(object, expected.uid);
  if (expected.resourceVersion !== undefined && expected.resourceVersion !== resourceVersion) {
    throw notNewest(object);
  }
}

/** Throws INVALID for a finalizer that is added to an object that is being deleted. */
export function checkFinalizers(current: AnyObject, next: AnyObject): void {
  if (current.metadata.deletionTimestamp === undefined) return;
  const before = current.metadata.finalizers ?? [];
  const added = (next.metadata.finalizers ?? []).filter((name) => !before.includes(name));
  if (added.length > 0) throw newFinalizerForbidden(current);
}
