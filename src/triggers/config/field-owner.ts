import { MODULE_KIND } from '../../kinds/module/definition.js';
import { claim } from '../../managed-fields/claim.js';
import type { ManagedFieldsEntry } from '../../managed-fields/entry.js';
import { fieldSchemaOf } from '../../managed-fields/field-schema.js';
import type { ModuleDraft } from '../../model/draft.js';
import type { Module } from '../../model/module.js';
import { API_VERSION, CONFIG_FILE_ANNOTATION, CONFIG_MANAGER } from '../../model/names.js';
import type { Declaration } from './snapshot.js';

const AUTHOR = { manager: CONFIG_MANAGER, operation: 'Apply', apiVersion: API_VERSION } as const;

const entriesOf = ({ metadata }: Pick<ModuleDraft, 'metadata'>): readonly ManagedFieldsEntry[] =>
  (metadata.managedFields ?? []) as object[] as ManagedFieldsEntry[];

/** Whether it is on record that the config directory has fields of a module. */
export const isOnRecord = (module: Module): boolean =>
  entriesOf(module).some(({ manager }) => manager === CONFIG_MANAGER);

/** A draft with the config directory on record for all that a file says; `now` is RFC 3339. */
export function onRecord(
  draft: ModuleDraft,
  { manifest, file }: Declaration,
  current: Module | undefined,
  now: string,
): ModuleDraft {
  const annotations = { ...manifest.metadata.annotations, [CONFIG_FILE_ANNOTATION]: file };
  const { status: _status, ...declared } = manifest;
  const entries = claim(
    { ...declared, metadata: { ...manifest.metadata, annotations } },
    {
      ...{ before: current, after: { ...draft, status: current?.status } },
      ...{ entries: current === undefined ? [] : entriesOf(current), author: AUTHOR, now },
      schema: fieldSchemaOf(MODULE_KIND.schema),
    },
  );
  const managedFields = entries.map((entry) => ({ ...entry }));
  return { ...draft, metadata: { ...draft.metadata, managedFields } };
}
