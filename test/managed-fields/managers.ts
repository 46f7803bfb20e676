import { apply } from '../../src/managed-fields/apply.js';
import { conflictError } from '../../src/managed-fields/conflicts.js';
import type { Conflict } from '../../src/managed-fields/conflicts.js';
import type { ManagedFieldsEntry } from '../../src/managed-fields/entry.js';
import { fieldSchemaOf } from '../../src/managed-fields/field-schema.js';
import type { FieldTree } from '../../src/managed-fields/field-tree.js';
import { trackUpdate } from '../../src/managed-fields/track-update.js';
import type { JsonObject } from '../../src/lib/merge-patch.js';

const TEXT = { type: 'string' };

/** A schema with a field of each sort. */
const SCHEMA = {
  type: 'object',
  properties: {
    metadata: {
      type: 'object',
      properties: {
        labels: { type: 'object', patternProperties: { '^.*$': TEXT } },
        finalizers: { type: 'array', items: TEXT, 'x-kubernetes-list-type': 'set' },
      },
    },
    spec: {
      type: 'object',
      properties: {
        image: TEXT,
        replicas: { type: 'integer' },
        args: { type: 'array', items: TEXT },
        probe: { type: 'object', properties: { port: { type: 'integer' }, path: TEXT } },
        env: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: { type: 'object', properties: { name: TEXT, value: TEXT, from: TEXT } },
        },
      },
    },
    status: { type: 'object', properties: { phase: TEXT } },
  },
};

export const SCHEMA_OF_ALL = fieldSchemaOf(SCHEMA);

/** An object and who has what of it. */
export interface State {
  readonly object: JsonObject | undefined;
  readonly entries: readonly ManagedFieldsEntry[];
}

export const EMPTY: State = { object: undefined, entries: [] };

const authorOf = (manager: string, operation: 'Apply' | 'Update', subresource?: string) => ({
  ...{ manager, operation, apiVersion: 'example.org/v1' },
  ...(subresource !== undefined && { subresource }),
});

/**
 * The state after a server-side apply, with its conflicts; without force those are
 * thrown. `stored` is what becomes of the object before it is stored.
 */
export function applied(
  { object: live, entries }: State,
  manager: string,
  config: JsonObject,
  { force = false, now = 'T1', stored = (object: JsonObject) => object } = {},
): State & { conflicts: readonly Conflict[] } {
  const author = authorOf(manager, 'Apply');
  const outcome = apply({ live, config, entries, author, schema: SCHEMA_OF_ALL, now });
  if (outcome.conflicts.length > 0 && !force) throw conflictError(outcome.conflicts);
  const object = stored(outcome.object);
  const { conflicts } = outcome;
  return { object, conflicts, entries: outcome.entriesOf(object) };
}

/** The state after another write that leaves the object as given. */
export function updated(
  { object: before, entries }: State,
  manager: string,
  after: JsonObject,
  { now = 'T1', subresource = undefined as string | undefined } = {},
): State {
  const author = authorOf(manager, 'Update', subresource);
  const schema = SCHEMA_OF_ALL;
  return { object: after, entries: trackUpdate({ before, after, entries, author, schema, now }) };
}

/** Who has which fields: `manager/Apply` → tree. */
export const fieldsByAuthor = ({ entries }: State): Record<string, FieldTree> =>
  Object.fromEntries(
    entries.map(({ manager, operation, subresource, fieldsV1 }) => [
      [manager, operation, subresource].filter(Boolean).join('/'),
      fieldsV1,
    ]),
  );
