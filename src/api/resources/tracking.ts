import type { ApiObject, Drafted } from '../../kinds/definition.js';
import { invalidField } from '../../kinds/refusals.js';
import type { AnyKind } from '../../kinds/registered.js';
import { timestamp } from '../../lib/clock.js';
import { isJsonObject } from '../../lib/merge-patch.js';
import type { JsonObject } from '../../lib/merge-patch.js';
import { sameJson } from '../../lib/same-json.js';
import type { Author, ManagedFieldsEntry } from '../../managed-fields/entry.js';
import { fieldSchemaOf } from '../../managed-fields/field-schema.js';
import type { FieldSchema } from '../../managed-fields/field-schema.js';
import { MAX_ENTRIES, readEntries } from '../../managed-fields/read-entries.js';
import { apiVersionOf } from '../../model/kinds.js';
import type { Subresource } from '../../model/kinds.js';
import type { KindContext } from './kind-context.js';

/** Whom the fields that a write changes are put down to, and when. */
export interface Authorship {
  readonly author: Author;
  readonly schema: FieldSchema;
  /** RFC 3339. */
  readonly now: string;
}

/** The authorship of a write that begins now. */
export function authorship(
  { definition, deps }: Pick<KindContext, 'definition' | 'deps'>,
  who: Pick<Author, 'manager' | 'operation'>,
  subresource: Subresource | undefined,
): Authorship {
  const { manager, operation } = who;
  const apiVersion = apiVersionOf(definition);
  return {
    author: { manager, operation, apiVersion, ...(subresource !== undefined && { subresource }) },
    schema: fieldSchemaOf(definition.schema),
    now: timestamp(deps.clock.now()),
  };
}

/** Who has which field of an object, as it is stored. */
export const entriesOf = ({ metadata }: ApiObject): readonly ManagedFieldsEntry[] =>
  (metadata.managedFields ?? []) as object[] as ManagedFieldsEntry[];

/**
 * The entries that what a client wrote begins with: its own when it changed them, else the stored
 * ones. Throws INVALID for what are no entries.
 */
export function writtenEntries(
  definition: AnyKind,
  { metadata }: JsonObject,
  current: ApiObject | undefined,
): readonly ManagedFieldsEntry[] {
  const stored = current === undefined ? [] : entriesOf(current);
  const written = isJsonObject(metadata) ? metadata['managedFields'] : undefined;
  const isGiven = Array.isArray(written) && written.length > 0 && !sameJson(written, stored);
  if (!isGiven) return stored;
  const entries = readEntries(written);
  if (entries !== undefined) return entries;
  throw invalidField(definition, current?.metadata.name ?? '', {
    field: 'metadata.managedFields',
    message: `Invalid value: expected at most ${MAX_ENTRIES} entries as the server writes them, each of another manager`,
    reason: 'FieldValueInvalid',
  });
}

/** A draft with who has which field of it. Throws INVALID when they are too many. */
export function withEntries(
  definition: AnyKind,
  { draft, warnings }: Drafted,
  entries: readonly ManagedFieldsEntry[],
): Drafted {
  if (entries.length > MAX_ENTRIES) {
    throw invalidField(definition, draft.metadata.name, {
      field: 'metadata.managedFields',
      message: `Invalid value: more than ${MAX_ENTRIES} managers apply it, take over from one with --field-manager`,
      reason: 'FieldValueInvalid',
    });
  }
  const managedFields = entries.map((entry): Record<string, unknown> => ({ ...entry }));
  return { draft: { ...draft, metadata: { ...draft.metadata, managedFields } }, warnings };
}
