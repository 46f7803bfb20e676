import type { Revision } from '../../kinds/revision/schema.js';
import { RegistrarError } from '../../model/errors.js';
import type { Module } from '../../model/module.js';
import { shortRevision } from '../../model/owner.js';
import { undoOf } from '../../model/rollout-wishes.js';
import type { Undo } from '../../model/rollout-wishes.js';
import { findRevision } from './find-revision.js';
import type { Records } from './records.js';

/**
 * What to write when a person wants to go back: to the revision that is named, or to the last that
 * ran well before the present one. NOT_FOUND when there is none, CONFLICT when it is of no use.
 */
export function undoFor(module: Module, records: Records, named: string | undefined): Undo {
  const { metadata, status } = module;
  const { updatedRevision: from } = status;
  if (from === undefined || status.observedGeneration < metadata.generation) {
    throw new RegistrarError(
      'CONFLICT',
      `What module "${metadata.name}" asks for is not known yet; "registrar rollout status ${metadata.name}" tells when it is`,
    );
  }
  const to = named === undefined ? earlier(module, records) : chosen(module, records, named);
  return { from, to };
}

/** Where slots are, or are on the way to. */
function presentOf({ status }: Module): string | undefined {
  const { rollout, currentRevision } = status;
  const isOpen = rollout !== undefined && rollout.endedAt === undefined;
  return isOpen ? rollout.to : currentRevision;
}

/** The last revision that ran well before the present one. */
function earlier(module: Module, records: Records): string {
  const present = presentOf(module);
  const isOther = (revision: string): boolean =>
    revision !== present && problemOf(module, records, revision) === undefined;
  const found = completed(module, records).findLast(isOther);
  if (found !== undefined) return found;
  const { name } = module.metadata;
  throw new RegistrarError(
    'NOT_FOUND',
    `Module "${name}" has no revision to go back to; "registrar rollout history ${name}" lists what ran`,
  );
}

/** Revisions that ran well, oldest first; after an undo only those before what it went back to. */
function completed({ metadata, status }: Module, { receipts }: Records): string[] {
  const all = receipts.filter(({ spec }) => spec.state === 'Complete').map(({ spec }) => spec.to);
  const undo = undoOf(metadata.annotations ?? {});
  const isUndone = undo !== undefined && undo.from === status.updatedRevision;
  return isUndone && all.includes(undo.to) ? all.slice(0, all.indexOf(undo.to)) : all;
}

function chosen(module: Module, records: Records, named: string): string {
  const { revision } = findRevision(module.metadata.name, records.revisions, named).spec;
  const problem = problemOf(module, records, revision);
  if (problem !== undefined) throw new RegistrarError('CONFLICT', problem);
  return revision;
}

/** Why nothing can go back to a revision. */
function problemOf(
  { metadata: { name }, status }: Module,
  { revisions }: Records,
  revision: string,
): string | undefined {
  const isRecorded = ({ spec }: Revision): boolean => spec.revision === revision;
  const short = shortRevision(revision);
  if (!revisions.some(isRecorded)) return `Revision ${short} of module "${name}" is forgotten`;
  if (status.quarantined?.some((one) => one.revision === revision) === true) {
    return `Revision ${short} of module "${name}" failed; try it again with "registrar rollout unquarantine ${name}"`;
  }
  return undefined;
}
