import type { JsonObject } from '../lib/merge-patch.js';
import { conflictsWith } from './conflicts.js';
import type { Conflict } from './conflicts.js';
import { entryOf, handOver, settle } from './entry.js';
import type { Author, ManagedFieldsEntry } from './entry.js';
import type { FieldSchema } from './field-schema.js';
import { difference, NOTHING, union } from './field-tree.js';
import { changedFields, fieldsOf } from './fields-of.js';
import { CLI_MANAGER, CLIENT_SIDE_MANAGER } from '../model/names.js';
import { overlay, withoutNulls } from './overlay.js';
import { ownedPart } from './owned-part.js';
import { withoutReleased } from './release.js';

/** Who had everything in an object from before owners were recorded; Kubernetes' name. */
const BEFORE_FIRST_APPLY = 'before-first-apply';

/** An apply, before anything of it is checked. */
export interface ApplyInput {
  /** The object as it is; undefined for a new one. */
  readonly live: object | undefined;
  /** What is applied: the part of the object that the request is about. */
  readonly config: object;
  readonly entries: readonly ManagedFieldsEntry[];
  readonly author: Author;
  readonly schema: FieldSchema;
  /** RFC 3339. */
  readonly now: string;
}

/** What an apply comes to. */
export interface Applied {
  /** What people have of the object after it, without defaults and unchecked. */
  readonly object: JsonObject;
  /** The fields it takes from others: it must be forced, if there are any. */
  readonly conflicts: readonly Conflict[];
  /** The entries, once it is known what the object is in the end. */
  readonly entriesOf: (after: object) => readonly ManagedFieldsEntry[];
}

/**
 * Server-side apply: everything that the configuration says becomes so and belongs to the author.
 * What the author had before, does not say any more and nobody else has is gone.
 */
export function apply(input: ApplyInput): Applied {
  const { author, schema, now } = input;
  const live = ownedPart(input.live ?? {});
  const config = withoutNulls(ownedPart(input.config));
  const recorded = input.entries.length > 0 ? input.entries : unrecorded(live, input);
  const absorbed = recorded.filter((entry) => isAbsorbed(entry, author));
  const entries = recorded.filter((entry) => !isAbsorbed(entry, author));
  const fields = fieldsOf(config, schema);
  const merged = overlay(live, config, schema);
  const changed = changedFields(live, merged, schema);
  const { previous, others } = handOver(entries, author, changed);
  const had = [...absorbed, ...(previous ? [previous] : [])].map(({ fieldsV1 }) => fieldsV1);
  const released = difference(had.reduce(union, NOTHING), fields);
  const kept = others.map(({ fieldsV1 }) => fieldsV1).reduce(union, fields);
  return {
    object: withoutReleased(merged, released, kept, schema),
    conflicts: entries
      .filter((entry) => entry !== previous && !isHandedOver(entry, author))
      .flatMap((entry) => conflictsWith(entry, changed)),
    entriesOf: (after) =>
      settle({ others, author, previous, fields, after: ownedPart(after), schema, now }),
  };
}

/** The entry of an object that has none. Its status is Registrar's, which keeps no entry. */
function unrecorded(live: JsonObject, { author, schema, now }: ApplyInput): ManagedFieldsEntry[] {
  const { status: _status, ...declared } = live;
  const { apiVersion } = author;
  const anyone = { manager: BEFORE_FIRST_APPLY, operation: 'Update', apiVersion } as const;
  return [entryOf(anyone, fieldsOf(declared, schema), now)];
}

/** kubectl takes over what it applied by itself before. */
const isHandedOver = ({ manager, operation }: ManagedFieldsEntry, author: Author): boolean =>
  author.manager === 'kubectl' && operation === 'Update' && manager === 'kubectl-client-side-apply';

/** What the command line applied by itself before is as if the server had: all of it moves at once. */
const isAbsorbed = ({ manager, operation }: ManagedFieldsEntry, author: Author): boolean =>
  author.manager === CLI_MANAGER && operation === 'Update' && manager === CLIENT_SIDE_MANAGER;
