import type { Mirror } from '../kinds/definition.js';
import { DEFINITIONS } from '../kinds/registered.js';
import type { AnyKind, KindName } from '../kinds/registered.js';
import { sameJson } from '../lib/same-json.js';
import { createdMeta, updatedMeta } from './metadata.js';
import type { Stamp } from './metadata.js';
import type { ReadModel } from './read-model.js';
import type { ChangeType } from './registry.js';
import { assemble, statusOf } from './stored.js';
import type { AnyDraft, AnyObject } from './stored.js';

/** A change that the store makes by itself; it has no resourceVersion yet. */
export interface OwnChange {
  readonly type: ChangeType;
  readonly object: AnyObject;
}

type Derived = ReturnType<Mirror<AnyObject, AnyObject>['derive']>[number];

const mirrorsOf = (source: KindName): readonly AnyKind[] =>
  DEFINITIONS.filter(({ mirror }) => mirror?.of === source);

function derive({ mirror }: AnyKind, source: AnyObject | undefined): readonly Derived[] {
  if (mirror === undefined || source === undefined) return [];
  return (mirror as unknown as Mirror<AnyObject, AnyObject>).derive(source);
}

/** What the mirrors of an object come to when it changes; `now` is RFC 3339. */
export function mirrorChanges(
  newest: ReadModel,
  { before, after }: { before: AnyObject | undefined; after: AnyObject | undefined },
  now: string,
): OwnChange[] {
  const source = (after ?? before)?.kind;
  if (source === undefined) return [];
  return mirrorsOf(source).flatMap((definition) => {
    const wanted = derive(definition, after);
    const names = new Set(wanted.map(({ metadata }) => metadata.name));
    const gone = derive(definition, before).filter(({ metadata }) => !names.has(metadata.name));
    return [
      ...gone.flatMap(({ metadata }) => removal(newest, definition.kind, metadata.name)),
      ...wanted.flatMap((derived) => adjustment(newest, definition, derived, now)),
    ];
  });
}

/** What makes all mirrors true: another version of the program may derive them in another way. */
export function mirrorRepairs(newest: ReadModel, now: string): OwnChange[] {
  return DEFINITIONS.filter(({ mirror }) => mirror !== undefined).flatMap((definition) =>
    repairsOf(newest, definition, now),
  );
}

function repairsOf(newest: ReadModel, definition: AnyKind, now: string): OwnChange[] {
  const sources = [...newest.values(definition.mirror?.of as KindName)];
  const wanted = sources.flatMap(({ object }) => derive(definition, object));
  const names = new Set(wanted.map(({ metadata }) => metadata.name));
  const present = [...newest.values(definition.kind)].map(({ object }) => object);
  const surplus = present.filter(({ metadata }) => !names.has(metadata.name));
  return [
    ...surplus.map((object): OwnChange => ({ type: 'DELETED', object })),
    ...wanted.flatMap((derived) => adjustment(newest, definition, derived, now)),
  ];
}

function removal(newest: ReadModel, kind: KindName, name: string): OwnChange[] {
  const object = newest.get(kind, name)?.object;
  return object === undefined ? [] : [{ type: 'DELETED', object }];
}

/** From what there is under a name to what is derived: another uid is another object. */
function adjustment(
  newest: ReadModel,
  definition: AnyKind,
  derived: Derived,
  now: string,
): OwnChange[] {
  const { name, uid } = derived.metadata;
  const stored = newest.get(definition.kind, name);
  const draft = derived as unknown as AnyDraft;
  if (stored?.object.metadata.uid !== uid) {
    const addition = {
      type: 'ADDED',
      object: created(definition.kind, draft, { now, uid }),
    } as const;
    return [...removal(newest, definition.kind, name), addition];
  }
  const metadata = updatedMeta(stored.object.metadata, draft.metadata);
  const object = assemble(draft, metadata, statusOf(draft));
  return sameJson(stored.object, object) ? [] : [{ type: 'MODIFIED', object }];
}

function created(kind: KindName, draft: AnyDraft, stamp: Omit<Stamp, 'suffix'>): AnyObject {
  const metadata = createdMeta(kind, draft.metadata, { ...stamp, suffix: '' });
  return assemble(draft, metadata, statusOf(draft));
}
