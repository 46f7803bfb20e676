import type { Change, Stored } from '../../registry/registry.js';
import { fromJson } from '../../registry/stored.js';
import type { Selection } from '../requests/selection.js';

/** What a watch is told of: `stored` is shared by all watches that are told the same. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly stored: Stored;
}

/**
 * A change as a watch with a selection sees it: an object that begins to match is added, one that
 * stops matching is deleted. undefined when the watch is not concerned.
 */
export function changeEvent(change: Change, selection: Selection): WatchEvent | undefined {
  // Most watches are of one object: they need not look at the others.
  if (selection.name !== undefined && selection.name !== change.name) return undefined;
  const { type, stored } = change;
  const isIn = selection.matches(stored.object);
  const wasIn = type !== 'ADDED' && wasSelected(change, selection, isIn);
  if (isIn && type !== 'DELETED') return { type: wasIn ? 'MODIFIED' : 'ADDED', stored };
  if (!wasIn) return undefined;
  return { type: 'DELETED', stored: isIn ? stored : lastSeen(change) };
}

/**
 * What was before the first change in the log is not known. Then it is taken to have matched where
 * it can have: a client does not mind a deletion too many, but misses one that is left out.
 */
function wasSelected({ previous }: Change, selection: Selection, isIn: boolean): boolean {
  if (previous !== undefined) return selection.matches(previous.object);
  return isIn || !selection.isFixed;
}

const left = new WeakMap<Change, Stored>();

/** The last state that matched, with the version of the change that made it stop. */
function lastSeen(change: Change): Stored {
  const known = left.get(change);
  if (known !== undefined) return known;
  const { resourceVersion, previous, stored } = change;
  const { object } = previous ?? stored;
  const metadata = { ...object.metadata, resourceVersion };
  const seen = fromJson(JSON.stringify({ ...object, metadata }));
  left.set(change, seen);
  return seen;
}
