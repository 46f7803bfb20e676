import type { KindName } from '../kinds/registered.js';
import { KINDS } from '../kinds/registered.js';
import type { Others, Relations } from '../kinds/definition.js';
import type { ReadModel } from './read-model.js';
import type { AnyObject } from './stored.js';

/** What must hold between the objects of a kind, if anything. */
function relationsOf(kind: KindName): Relations | undefined {
  const definition: { readonly relations?: Relations } = KINDS[kind];
  return definition.relations;
}

/** Throws what the kind has against a new or changed object beside the others. */
export function refuseChange(
  newest: ReadModel,
  next: AnyObject,
  current: AnyObject | undefined,
): void {
  relationsOf(next.kind)?.refuseChange(next, current, othersIn(newest, next.kind));
}

/** Throws what the kind has against the deletion of an object. */
export function refuseDeletion(newest: ReadModel, object: AnyObject): void {
  relationsOf(object.kind)?.refuseDeletion(object, othersIn(newest, object.kind));
}

const othersIn = (newest: ReadModel, kind: KindName): Others => ({
  get: (name) => newest.get(kind, name)?.object,
  *values() {
    for (const { object } of newest.values(kind)) yield object;
  },
});
