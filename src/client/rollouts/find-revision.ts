import type { Revision } from '../../kinds/revision/schema.js';
import { RegistrarError } from '../../model/errors.js';

/** Shorter beginnings of a hash may be numbers. */
const SHORTEST_HASH = 7;

/** A revision by its number, or by its hash or the beginning of it. NOT_FOUND names the next step. */
export function findRevision(
  module: string,
  revisions: readonly Revision[],
  named: string,
): Revision {
  const isHash = named.length >= SHORTEST_HASH;
  const isMeant = ({ spec }: Revision): boolean =>
    isHash ? spec.revision.startsWith(named) : String(spec.number) === named;
  const found = revisions.find(isMeant);
  if (found !== undefined) return found;
  throw new RegistrarError(
    'NOT_FOUND',
    `Module "${module}" has no revision "${named}"; "registrar rollout history ${module}" lists them`,
  );
}
