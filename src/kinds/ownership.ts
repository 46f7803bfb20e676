import { printable } from '../lib/printable.js';
import { lastingAnnotations } from '../model/draft.js';
import type { Manifest } from '../model/draft.js';
import { RegistrarError } from '../model/errors.js';
import { CONFIG_FILE_ANNOTATION } from '../model/names.js';
import { owningSet } from '../model/owner.js';
import { stableJson } from '../model/stable-json.js';

/**
 * Throws OWNED_BY_FILE or OWNED_BY_SET when an object is declared in a file, or stamped by a set,
 * and the draft is not what that says.
 */
export function refuseOwnedChange(current: Manifest, draft: Manifest): void {
  const file = owningFile(current);
  const set = owningSet(current.metadata);
  if (file === undefined && set === undefined) return;
  if (declared(current) === declared(draft)) return;
  if (file !== undefined) throw ownedByFile(current, file, 'change it there');
  if (set !== undefined) throw ownedBySet(current, set, 'change its template or its instances');
}

/** Throws OWNED_BY_FILE or OWNED_BY_SET when an object is declared in a file, or stamped by a set. */
export function refuseOwnedDeletion(current: Omit<Manifest, 'spec'>): void {
  const file = owningFile(current);
  if (file !== undefined) throw ownedByFile(current, file, 'remove it there');
  const set = owningSet(current.metadata);
  if (set !== undefined) throw ownedBySet(current, set, 'remove its instance there');
}

const owningFile = ({ metadata }: Pick<Manifest, 'metadata'>): string | undefined =>
  metadata.annotations?.[CONFIG_FILE_ANNOTATION];

/** What the file or set decides. A restart is asked for through the API, whoever owns the module. */
function declared({ kind, spec, metadata }: Manifest): string {
  const lasting = lastingAnnotations(kind);
  const annotations = Object.entries(metadata.annotations ?? {}).filter(
    ([key]) => !lasting.includes(key),
  );
  return stableJson({
    ...{ spec, labels: metadata.labels ?? {} },
    annotations: Object.fromEntries(annotations),
  });
}

function ownedByFile(
  { kind, metadata: { name } }: Omit<Manifest, 'spec'>,
  file: string,
  remedy: string,
): RegistrarError {
  const where = `file "${printable(file)}" of the config directory`;
  const message = `${kind} "${name}" is declared in ${where}: ${remedy}`;
  return new RegistrarError('OWNED_BY_FILE', message, { kind, name });
}

function ownedBySet(
  { kind, metadata: { name } }: Omit<Manifest, 'spec'>,
  set: string,
  remedy: string,
): RegistrarError {
  const message = `${kind} "${name}" is stamped by ModuleSet "${printable(set)}": ${remedy}`;
  return new RegistrarError('OWNED_BY_SET', message, { kind, name });
}
