import { API_VERSION, CONFIG_FILE_ANNOTATION } from '../model/names.js';
import type { Module, ModuleSpec } from '../model/module.js';
import type { ModuleStatus } from '../model/module-status.js';
import { storedMeta } from './metadata.js';
import type { DbModuleRow } from './rows.js';

/** The row of a module, with the columns that people read filled from its spec. */
export function toModuleRow(module: Module, updatedAt: string): DbModuleRow {
  const { metadata, spec, status } = module;
  return {
    name: metadata.name,
    version: spec.version,
    repo_url: spec.source?.repoUrl ?? '',
    branch: spec.source?.branch ?? '',
    description: spec.description,
    author: spec.author,
    license: spec.license,
    created_at: metadata.creationTimestamp,
    updated_at: updatedAt,
    module_type: spec.type,
    status: status.phase,
    uid: metadata.uid,
    generation: metadata.generation,
    resource_version: Number(metadata.resourceVersion),
    labels: JSON.stringify(metadata.labels ?? {}),
    annotations: JSON.stringify(metadata.annotations ?? {}),
    finalizers: JSON.stringify(metadata.finalizers ?? []),
    owner_references: JSON.stringify(metadata.ownerReferences ?? []),
    managed_fields: JSON.stringify(metadata.managedFields ?? []),
    deletion_timestamp: metadata.deletionTimestamp ?? null,
    spec: JSON.stringify(spec),
    status_detail: JSON.stringify(status),
    owner: metadata.annotations?.[CONFIG_FILE_ANNOTATION] ?? '',
  };
}

/** The module that a row holds; throws when a column is not the JSON it should be. */
export function fromModuleRow(row: DbModuleRow): Module {
  return {
    apiVersion: API_VERSION,
    kind: 'Module',
    metadata: storedMeta({
      name: row.name,
      uid: row.uid,
      resourceVersion: String(row.resource_version),
      generation: row.generation,
      creationTimestamp: row.created_at,
      deletionTimestamp: row.deletion_timestamp ?? undefined,
      labels: JSON.parse(row.labels) as Record<string, string>,
      annotations: JSON.parse(row.annotations) as Record<string, string>,
      finalizers: JSON.parse(row.finalizers) as string[],
      ownerReferences: JSON.parse(row.owner_references) as Record<string, unknown>[],
      managedFields: JSON.parse(row.managed_fields) as Record<string, unknown>[],
    }),
    spec: JSON.parse(row.spec) as ModuleSpec,
    status: JSON.parse(row.status_detail) as ModuleStatus,
  };
}
