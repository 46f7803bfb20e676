import { printable } from '../../lib/printable.js';
import { RegistrarError } from '../../model/errors.js';
import type { ModuleDraft } from '../../model/draft.js';
import type { ObjectMeta } from '../../model/meta.js';
import type { Module } from '../../model/module.js';
import { CONFIG_FILE_ANNOTATION, RESTARTED_AT_ANNOTATION } from '../../model/names.js';
import { stableJson } from '../../model/revision.js';

/** Throws OWNED_BY_FILE when a module is declared in a file and the draft is not what it says. */
export function refuseOwnedChange(current: Module, draft: ModuleDraft): void {
  const file = owningFile(current.metadata);
  if (file === undefined || declared(current) === declared(draft)) return;
  throw ownedByFile(current, file, 'change it there');
}

/** Throws OWNED_BY_FILE when a module is declared in a file. */
export function refuseOwnedDeletion(current: { metadata: ObjectMeta }): void {
  const file = owningFile(current.metadata);
  if (file !== undefined) throw ownedByFile(current, file, 'remove it there');
}

const owningFile = (metadata: ObjectMeta): string | undefined =>
  metadata.annotations?.[CONFIG_FILE_ANNOTATION];

/** What the file decides. A restart is asked for through the API, whoever owns the module. */
function declared({ spec, metadata }: Pick<ModuleDraft, 'spec' | 'metadata'>): string {
  const { [RESTARTED_AT_ANNOTATION]: _restart, ...annotations } = metadata.annotations ?? {};
  return stableJson({ spec, labels: metadata.labels ?? {}, annotations });
}

function ownedByFile(
  { metadata: { name } }: { metadata: ObjectMeta },
  file: string,
  remedy: string,
): RegistrarError {
  const where = `file "${printable(file)}" of the config directory`;
  const message = `Module "${name}" is declared in ${where}: ${remedy}`;
  return new RegistrarError('OWNED_BY_FILE', message, { kind: 'Module', name });
}
