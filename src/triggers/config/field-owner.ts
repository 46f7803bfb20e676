import type { DeclaredManifest, DeclaredObject } from '../../kinds/declared.js';
import { KINDS } from '../../kinds/registered.js';
import { claim } from '../../managed-fields/claim.js';
import type { ManagedFieldsEntry } from '../../managed-fields/entry.js';
import { fieldSchemaOf } from '../../managed-fields/field-schema.js';
import type { Manifest } from '../../model/draft.js';
import { API_VERSION, CONFIG_FILE_ANNOTATION, CONFIG_MANAGER } from '../../model/names.js';
import type { Declaration } from './snapshot.js';

const AUTHOR = { manager: CONFIG_MANAGER, operation: 'Apply', apiVersion: API_VERSION } as const;

const entriesOf = ({ metadata }: Pick<Manifest, 'metadata'>): readonly ManagedFieldsEntry[] =>
  (metadata.managedFields ?? []) as object[] as ManagedFieldsEntry[];

/** Whether it is on record that the config directory has fields of an object. */
export const isOnRecord = (object: DeclaredObject): boolean =>
  entriesOf(object).some(({ manager }) => manager === CONFIG_MANAGER);

/** A draft with the config directory on record for all that a file says; `now` is RFC 3339. */
export function onRecord(
  draft: DeclaredManifest,
  { manifest, file }: Declaration,
  current: DeclaredObject | undefined,
  now: string,
): DeclaredManifest {
  const annotations = { ...manifest.metadata.annotations, [CONFIG_FILE_ANNOTATION]: file };
  const entries = claim(
    { ...manifest, metadata: { ...manifest.metadata, annotations } },
    {
      ...{ before: current, after: { ...draft, ...statusOf(current) } },
      ...{ entries: current === undefined ? [] : entriesOf(current), author: AUTHOR, now },
      schema: fieldSchemaOf(KINDS[draft.kind].schema),
    },
  );
  const managedFields = entries.map((entry) => ({ ...entry }));
  return { ...draft, metadata: { ...draft.metadata, managedFields } };
}

/** The status stays, for the kinds that have one. */
const statusOf = (current: DeclaredObject | undefined): object =>
  current !== undefined && 'status' in current ? { status: current.status } : {};
