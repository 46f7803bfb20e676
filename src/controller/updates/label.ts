import type { Candidate } from '../../model/updates-status.js';
import { shortName } from './followed.js';

const SHORT_COMMIT = 12;

/** What a candidate is called in messages. */
export function labelOf({ id, name, version }: Pick<Candidate, 'id' | 'name' | 'version'>): string {
  if (version === '') return `digest ${id} of image "${name}"`;
  const commit = `commit ${id.slice(0, SHORT_COMMIT)}`;
  const kind = name.startsWith('refs/tags/') ? 'tag' : 'branch';
  return `${commit} of ${kind} "${shortName(name)}"`;
}
