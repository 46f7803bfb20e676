import type { KindDefinition } from '../../kinds/definition.js';
import { apiVersionOf } from '../../model/kinds.js';
import type { Change, Stored } from '../../registry/registry.js';
import type { Selection } from '../requests/selection.js';

const line = (type: string, objectJson: string): string =>
  `{"type":"${type}","object":${objectJson}}\n`;

/** The line for an object that is there when a watch begins. */
export const initialEvent = ({ json }: Stored): string => line('ADDED', json);

/**
 * The line for a change as a watch with a selection sees it: an object that begins to match is
 * added, one that stops matching is deleted. undefined when the watch is not concerned.
 */
export function changeEvent(change: Change, selection: Selection): string | undefined {
  const { type, stored, previous } = change;
  const isIn = selection.matches(stored.object);
  const wasIn = type !== 'ADDED' && wasSelected(change, selection, isIn);
  if (isIn && type !== 'DELETED') return line(wasIn ? 'MODIFIED' : 'ADDED', stored.json);
  if (!wasIn) return undefined;
  return line('DELETED', isIn ? stored.json : lastSeen(change, previous ?? stored));
}

/**
 * What was before the first change in the log is not known. Then it is taken to have matched where
 * it can have: a client does not mind a deletion too many, but misses one that is left out.
 */
function wasSelected({ previous }: Change, selection: Selection, isIn: boolean): boolean {
  if (previous !== undefined) return selection.matches(previous.object);
  return isIn || !selection.isFixed;
}

/** The last state that matched, with the version of the change that made it stop. */
function lastSeen({ resourceVersion }: Change, { object }: Stored): string {
  return JSON.stringify({ ...object, metadata: { ...object.metadata, resourceVersion } });
}

/** A line that only says how far the watch has come. */
export function bookmark(
  definition: KindDefinition,
  resourceVersion: string,
  endsInitialEvents: boolean,
): string {
  const annotations = { 'k8s.io/initial-events-end': 'true' };
  const object = {
    kind: definition.kind,
    apiVersion: apiVersionOf(definition),
    metadata: {
      resourceVersion,
      creationTimestamp: null,
      ...(endsInitialEvents && { annotations }),
    },
  };
  return line('BOOKMARK', JSON.stringify(object));
}
