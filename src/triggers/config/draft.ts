import { isDeepStrictEqual } from 'node:util';
import { draftOf } from '../../model/draft.js';
import type { ModuleDraft } from '../../model/draft.js';
import { CONFIG_FILE_ANNOTATION } from '../../model/names.js';
import type { ObjectMeta } from '../../model/meta.js';
import type { Module } from '../../model/module.js';
import { isOnRecord, onRecord } from './field-owner.js';
import type { Declaration } from './snapshot.js';

/** The file that owns a module; undefined for one made through the API. */
export function ownerFileOf(module: Module): string | undefined {
  return module.metadata.annotations?.[CONFIG_FILE_ANNOTATION];
}

/** What is to be stored for a declaration. A finalizer that somebody else put there stays. */
export function declaredDraft(declaration: Declaration, current?: Module): ModuleDraft {
  const draft = draftOf(declaration.manifest, { current, configFile: declaration.file });
  const others = current?.metadata.finalizers ?? [];
  const finalizers = [...new Set([...others, ...(draft.metadata.finalizers ?? [])])];
  return { ...draft, metadata: { ...draft.metadata, finalizers } };
}

/** The same with the config directory on record for what the file says; `now` is RFC 3339. */
export function recordedDraft(
  declaration: Declaration,
  current: Module | undefined,
  now: string,
): ModuleDraft {
  return onRecord(declaredDraft(declaration, current), declaration, current, now);
}

/** Pairs that were found equal. Neither ever changes, so a look at 5,000 modules costs little. */
const equals = new WeakMap<Module, Declaration>();

/** True when storing the declaration would change nothing. */
export function isCurrent(declaration: Declaration, module: Module): boolean {
  if (equals.get(module) === declaration) return true;
  const draft = declaredDraft(declaration, module);
  const isEqual =
    isOnRecord(module) &&
    isDeepStrictEqual(draft.spec, module.spec) &&
    isDeepStrictEqual(ownedMeta(draft.metadata), ownedMeta(module.metadata));
  if (isEqual) equals.set(module, declaration);
  return isEqual;
}

function ownedMeta(metadata: ObjectMeta | Module['metadata']): unknown[] {
  const { labels, annotations, finalizers, ownerReferences } = metadata;
  return [labels ?? {}, annotations ?? {}, finalizers ?? [], ownerReferences ?? []];
}
