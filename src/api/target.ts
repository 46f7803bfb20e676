import type { KindName, Kinds, Subresource } from '../model/kinds.js';
import { CONTAINERS_FINALIZER } from '../model/names.js';
import { KINDS } from '../model/kinds.js';
import type { KindDefinition } from '../model/kinds.js';
import { apiVersionOf } from '../model/kinds.js';
import { isJsonObject } from './merge-patch.js';
import type { JsonObject } from './merge-patch.js';
import { invalidField } from './refusals.js';
import { replicasOf, SCALE_TYPE, scaleOf } from './scale.js';

export type AnyObject = Kinds[KindName];

/** A view of an object with a path of its own, which clients read and write. */
export interface Target {
  /** Type that a written view must have. */
  typeOf(definition: KindDefinition): { readonly apiVersion: string; readonly kind: string };
  /** What clients read; undefined for the object itself. */
  readonly view: ((object: AnyObject) => JsonObject) | undefined;
  /** The object that a written view asks for: the view's part from it, the rest from `current`. */
  merge(current: AnyObject, written: JsonObject): JsonObject;
  /** Which part of the result the registry takes. */
  readonly subresource: 'status' | undefined;
}

const own = (definition: KindDefinition): { apiVersion: string; kind: string } => ({
  apiVersion: apiVersionOf(definition),
  kind: definition.kind,
});

/** The object itself: everything but the status is written. */
export const MAIN: Target = {
  typeOf: own,
  view: undefined,
  merge: (current, { status: _status, ...written }) => withFinalizers(current, written),
  subresource: undefined,
};

export const SUBRESOURCES: Readonly<Record<Subresource, Target>> = {
  status: {
    typeOf: own,
    view: undefined,
    merge: (current, { status }) => {
      if (status === undefined) throw statusRequired(current);
      return { ...current, status };
    },
    subresource: 'status',
  },
  scale: {
    typeOf: () => SCALE_TYPE,
    view: scaleOf,
    merge: (current, written) => {
      const { apiVersion, kind, metadata, spec } = current as Kinds['Module'];
      return { apiVersion, kind, metadata, spec: { ...spec, replicas: replicasOf(written) } };
    },
    subresource: undefined,
  },
};

/**
 * Clients that remove the last finalizer send no list at all: that empties it, but for the
 * finalizer that waits for containers, which goes only when a list without it is sent.
 */
function withFinalizers(current: AnyObject, written: JsonObject): JsonObject {
  const { metadata } = written;
  if (!isJsonObject(metadata) || metadata['finalizers'] !== undefined) return written;
  const stored = current.metadata.finalizers ?? [];
  const finalizers = stored.filter((name) => name === CONTAINERS_FINALIZER);
  return { ...written, metadata: { ...metadata, finalizers } };
}

const statusRequired = ({ kind, metadata }: AnyObject) =>
  invalidField(KINDS[kind], metadata.name, {
    field: 'status',
    message: 'Required value',
    reason: 'FieldValueRequired',
  });
