import type { JsonObject } from '../lib/merge-patch.js';
import { sameJson } from '../lib/same-json.js';
import { existingFields } from './existing.js';
import type { FieldSchema } from './field-schema.js';
import { difference, isNothing, union } from './field-tree.js';
import type { FieldTree } from './field-tree.js';

/** One of `metadata.managedFields`: the fields that a manager has, by one way of writing. */
export interface ManagedFieldsEntry {
  readonly manager: string;
  /** `Apply` for server-side apply, `Update` for any other write. */
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  /** When the fields last changed, RFC 3339. */
  readonly time?: string;
  readonly fieldsType: 'FieldsV1';
  readonly fieldsV1: FieldTree;
  /** `status` or `scale`, when it was written there. */
  readonly subresource?: string;
}

/** Who writes, and how: one entry each. */
export type Author = Pick<
  ManagedFieldsEntry,
  'manager' | 'operation' | 'apiVersion' | 'subresource'
>;

/** Most managers by `Update` that are told apart; more are summed up, as Kubernetes does. */
const MAX_UPDATERS = 10;

/** Kubernetes' name for the oldest managers together. */
const ANCIENT = 'ancient-changes';

export const isBy = (entry: ManagedFieldsEntry, author: Author): boolean =>
  entry.manager === author.manager &&
  entry.operation === author.operation &&
  entry.subresource === author.subresource;

/** The author's entry, and those of all others without the fields that the author changed. */
export function handOver(
  entries: readonly ManagedFieldsEntry[],
  author: Author,
  changed: FieldTree,
): Pick<Settlement, 'previous' | 'others'> {
  const previous = entries.find((entry) => isBy(entry, author));
  const rivals = entries.filter((entry) => entry !== previous);
  const others = rivals.map((entry) => withFields(entry, difference(entry.fieldsV1, changed)));
  return { previous, others };
}

/** What a write leaves of the entries there were. */
export interface Settlement {
  /** Entries of all other authors. */
  readonly others: readonly ManagedFieldsEntry[];
  readonly author: Author;
  /** The author's entry so far. */
  readonly previous: ManagedFieldsEntry | undefined;
  /** What is the author's now. */
  readonly fields: FieldTree;
  /** What people have of the object after the write: who has what is not there has nothing. */
  readonly after: JsonObject;
  readonly schema: FieldSchema;
  /** RFC 3339. */
  readonly now: string;
}

/** The entries after a write, in Kubernetes' order. An author with the same fields keeps the time. */
export function settle(settlement: Settlement): ManagedFieldsEntry[] {
  const { author, previous, after, schema, now } = settlement;
  const fields = existingFields(settlement.fields, after, schema);
  const isSame = previous !== undefined && sameJson(previous.fieldsV1, fields);
  const own = isSame ? previous : entryOf(author, fields, now);
  const others = settlement.others.map((entry) =>
    withFields(entry, existingFields(entry.fieldsV1, after, schema)),
  );
  const all = [...others, own].filter(({ fieldsV1 }) => !isNothing(fieldsV1));
  return inOrder(summedUp(all));
}

/** The entry with other fields and the time it has. */
export const withFields = (entry: ManagedFieldsEntry, fieldsV1: FieldTree): ManagedFieldsEntry =>
  entry.fieldsV1 === fieldsV1 ? entry : { ...entry, fieldsV1 };

/** A new entry. */
export function entryOf(
  { manager, operation, apiVersion, subresource }: Author,
  fieldsV1: FieldTree,
  time: string | undefined,
): ManagedFieldsEntry {
  return {
    ...{ manager, operation, apiVersion, fieldsType: 'FieldsV1', fieldsV1 },
    ...(time !== undefined && { time }),
    ...(subresource !== undefined && { subresource }),
  };
}

/** The entries with the oldest updaters as one, when there are too many. */
function summedUp(entries: readonly ManagedFieldsEntry[]): readonly ManagedFieldsEntry[] {
  const updaters = inOrder(entries.filter(({ operation }) => operation === 'Update'));
  const [newest, ...oldest] = updaters.slice(0, 1 - MAX_UPDATERS).toReversed();
  if (newest === undefined || oldest.length === 0) return entries;
  const gone = new Set([newest, ...oldest]);
  const fields = [...gone].map(({ fieldsV1 }) => fieldsV1).reduce(union);
  const author = { manager: ANCIENT, operation: 'Update', apiVersion: newest.apiVersion } as const;
  const sum = entryOf(author, fields, newest.time);
  return [...entries.filter((entry) => !gone.has(entry)), sum];
}

const sortKey = ({ operation, time = '', manager, subresource = '' }: ManagedFieldsEntry): string =>
  [operation, time, manager, subresource].join('\0');

const inOrder = (entries: readonly ManagedFieldsEntry[]): ManagedFieldsEntry[] =>
  entries.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
