import type { UnknownFields } from '../../manifest/validate.js';
import type { KindDefinition } from '../../kinds/definition.js';
import { KINDS } from '../../kinds/registered.js';
import type { KindName, Kinds } from '../../kinds/registered.js';
import { apiVersionOf } from '../../model/kinds.js';
import type { Subresource } from '../../model/kinds.js';
import { CONTAINERS_FINALIZER, MODULES_FINALIZER } from '../../model/names.js';
import { frozenJson } from '../../lib/frozen-json.js';
import { isJsonObject } from '../../lib/merge-patch.js';
import type { JsonObject } from '../../lib/merge-patch.js';
import { replicasOf, SCALE_TYPE, scaleOf } from './scale.js';
import { checkedStatus } from './status-check.js';
import type { Drafted, Writer } from '../../kinds/definition.js';
import type { Stored } from '../../registry/registry.js';

/** A view of an object with a path of its own, which clients read and write. */
export interface Target {
  /** What the path adds to that of the object. */
  readonly name: Subresource | undefined;
  /** Type that a written view must have. */
  typeOf(definition: KindDefinition): { readonly apiVersion: string; readonly kind: string };
  /** What clients read; undefined for the object itself. */
  readonly view: ((object: Kinds[KindName]) => JsonObject) | undefined;
  /** What to store when `written` replaces the view of `current`. Throws to refuse. */
  draft(
    writer: Writer,
    current: Kinds[KindName],
    written: JsonObject,
    mode: UnknownFields,
  ): Drafted;
  /** What an applied view says of the object. */
  configOf(applied: JsonObject): JsonObject;
  /** The object with a draft stored, as far as fields have owners. */
  after(current: Kinds[KindName] | undefined, draft: object): object;
  /** Which part of the draft the registry takes: the status, or everything but it. */
  readonly subresource: 'status' | undefined;
}

/**
 * What to store when `written` replaces the view of an object. It shares with the object what stays,
 * so that this is compared once. Throws to refuse.
 */
export function draftAt(
  target: Target,
  writer: Writer,
  current: Kinds[KindName],
  written: JsonObject,
  mode: UnknownFields,
): Drafted {
  const { draft, warnings } = target.draft(writer, current, written, mode);
  return { draft: frozenJson(draft, current), warnings };
}

/** JSON of what clients read at a target. */
export function viewJson(target: Target, stored: Stored): string {
  return target.view === undefined ? stored.json : JSON.stringify(target.view(stored.object));
}

const own = (definition: KindDefinition): { apiVersion: string; kind: string } => ({
  apiVersion: apiVersionOf(definition),
  kind: definition.kind,
});

const withStatusOf = (current: object | undefined, draft: object): object => ({
  ...draft,
  status: current !== undefined && 'status' in current ? current.status : undefined,
});

/** A written status; what it leaves out is as it was in the beginning. */
const completed = ({ kind }: Kinds[KindName], status: unknown): unknown =>
  isJsonObject(status) ? { ...KINDS[kind].initialStatus, ...status } : status;

/** The object itself: everything but the status is written. */
export const MAIN: Target = {
  name: undefined,
  typeOf: own,
  view: undefined,
  draft: (writer, current, { status: _status, ...written }, mode) =>
    writer.draft(withFinalizers(current, written), current, mode),
  configOf: ({ status: _status, ...applied }) => applied,
  after: withStatusOf,
  subresource: undefined,
};

export const SUBRESOURCES: Readonly<Record<Subresource, Target>> = {
  status: {
    name: 'status',
    typeOf: own,
    view: undefined,
    draft: (_writer, current, written) => ({
      draft: { ...current, status: checkedStatus(current, completed(current, written['status'])) },
      warnings: [],
    }),
    configOf: ({ status }) => ({ status }),
    after: (_current, draft) => draft,
    subresource: 'status',
  },
  scale: {
    name: 'scale',
    typeOf: () => SCALE_TYPE,
    view: scaleOf,
    draft: (writer, current, written, mode) => {
      const { apiVersion, kind, metadata, spec } = current as Kinds['Module'];
      const scaled = { ...spec, replicas: replicasOf(written) };
      return writer.draft({ apiVersion, kind, metadata, spec: scaled }, current, mode);
    },
    configOf: (applied) => ({ spec: { replicas: replicasOf(applied) } }),
    after: withStatusOf,
    subresource: undefined,
  },
};

const OWN_FINALIZERS: ReadonlySet<string> = new Set([CONTAINERS_FINALIZER, MODULES_FINALIZER]);

/**
 * Clients that remove the last finalizer send no list at all: that empties it, but for the
 * finalizer that waits for containers or modules, which goes only when a list without it is sent.
 */
function withFinalizers(current: Kinds[KindName], written: JsonObject): JsonObject {
  const { metadata } = written;
  if (!isJsonObject(metadata) || metadata['finalizers'] !== undefined) return written;
  const stored = current.metadata.finalizers ?? [];
  const finalizers = stored.filter((name) => OWN_FINALIZERS.has(name));
  return { ...written, metadata: { ...metadata, finalizers } };
}
