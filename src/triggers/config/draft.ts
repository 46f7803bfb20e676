import { isDeepStrictEqual } from 'node:util';
import type { DeclaredManifest, DeclaredObject } from '../../kinds/declared.js';
import { draftOf } from '../../model/draft.js';
import type { Manifest } from '../../model/draft.js';
import { CONFIG_FILE_ANNOTATION } from '../../model/names.js';
import type { ObjectKey } from '../../model/kinds.js';
import { isOnRecord, onRecord } from './field-owner.js';
import type { Declaration } from './snapshot.js';

/** Which object it is. */
export const keyOf = ({ kind, metadata }: DeclaredManifest | DeclaredObject): ObjectKey => ({
  ...{ kind, name: metadata.name },
});

/** The file that owns an object; undefined for one made through the API. */
export function ownerFileOf({ metadata }: Pick<Manifest, 'metadata'>): string | undefined {
  return metadata.annotations?.[CONFIG_FILE_ANNOTATION];
}

/** What is to be stored for a declaration. A finalizer that somebody else put there stays. */
export function declaredDraft(
  { manifest, file }: Declaration,
  current?: DeclaredObject,
): DeclaredManifest {
  const draft = draftOf(manifest, { current, configFile: file });
  const { finalizers: own = [], ...metadata } = draft.metadata;
  const finalizers = [...new Set([...(current?.metadata.finalizers ?? []), ...own])];
  return { ...draft, metadata: { ...metadata, ...(finalizers.length > 0 && { finalizers }) } };
}

/** The same with the config directory on record for what the file says; `now` is RFC 3339. */
export function recordedDraft(
  declaration: Declaration,
  current: DeclaredObject | undefined,
  now: string,
): DeclaredManifest {
  return onRecord(declaredDraft(declaration, current), declaration, current, now);
}

/** Pairs that were found equal. Neither ever changes, so a look at 5,000 objects costs little. */
const equals = new WeakMap<DeclaredObject, Declaration>();

/** True when storing the declaration would change nothing. */
export function isCurrent(declaration: Declaration, object: DeclaredObject): boolean {
  if (equals.get(object) === declaration) return true;
  const draft = declaredDraft(declaration, object);
  const isEqual =
    isOnRecord(object) &&
    isDeepStrictEqual(draft.spec, object.spec) &&
    isDeepStrictEqual(ownedMeta(draft), ownedMeta(object));
  if (isEqual) equals.set(object, declaration);
  return isEqual;
}

function ownedMeta({ metadata }: Pick<Manifest, 'metadata'>): unknown[] {
  const { labels, annotations, finalizers, ownerReferences } = metadata;
  return [labels ?? {}, annotations ?? {}, finalizers ?? [], ownerReferences ?? []];
}
