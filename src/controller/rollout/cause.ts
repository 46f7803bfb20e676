import { changesBetween } from '../../lib/field-changes.js';
import type { StoredMeta } from '../../model/meta.js';
import { revisionParts } from '../../model/revision-parts.js';
import type { RolloutStatus } from '../../model/rollout.js';
import type { Registry } from '../../registry/registry.js';
import { findRevision } from '../blueprint.js';

/** Fields that a cause names before it says how many more there are. */
const MOST_FIELDS = 5;

/** The field manager that changed a module last; a change of its status is nobody's wish. */
export function actorOf({ managedFields = [] }: Pick<StoredMeta, 'managedFields'>): string {
  const [latest] = managedFields
    .filter((entry) => entry['subresource'] !== 'status')
    .toSorted((a, b) => (String(a['time']) < String(b['time']) ? 1 : -1));
  return typeof latest?.['manager'] === 'string' ? latest['manager'] : 'unknown';
}

/** What makes the revision of a rollout another one than that before, in a few words. */
export function causeOf(
  module: string,
  { from, to }: Pick<RolloutStatus, 'from' | 'to'>,
  registry: Pick<Registry, 'get'>,
): string {
  const [before, after] = [from, to].map(
    (revision) => revision && findRevision(module, revision, registry)?.spec,
  );
  if (from === undefined) return 'it is new';
  if (!before || !after) return 'what ran before is not recorded';
  const paths = changesBetween(revisionParts(before), revisionParts(after)).map(({ path }) => path);
  const more = paths.length - MOST_FIELDS;
  return [...paths.slice(0, MOST_FIELDS), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
