import { RegistrarError } from '../../model/errors.js';
import type { KindDefinition } from '../../kinds/definition.js';
import { countOf, flagOf, textOf, versionOf } from '../requests/query.js';
import type { Query } from '../requests/query.js';
import { selectionOf } from '../requests/selection.js';
import type { Selection } from '../requests/selection.js';

/** What a client wants of a watch. */
export interface WatchRequest {
  readonly selection: Selection;
  /** Send what there is before the changes. */
  readonly withInitialEvents: boolean;
  /** Say where what there was ends. */
  readonly marksInitialEnd: boolean;
  /** Changes after this version; from now on when undefined. */
  readonly since: string | undefined;
  readonly withBookmarks: boolean;
  readonly timeoutMs: number;
}

/** A watch ends by itself after 30 to 60 minutes, so that not all of them end at once. */
const MIN_LIFETIME_MS = 30 * 60_000;
const LIFETIME_SPREAD_MS = 30 * 60_000;

/** Reads the query of a watch. `random` gives a number from 0 to 1. */
export function watchRequestOf(
  query: Query,
  definition: KindDefinition,
  namespace: string | undefined,
  random: () => number,
): WatchRequest {
  const since = versionOf(query);
  const sendInitial = flagOf(query, 'sendInitialEvents');
  const withBookmarks = flagOf(query, 'allowWatchBookmarks') === true;
  checkMatch(query, sendInitial === true);
  const lifetimeMs = MIN_LIFETIME_MS + random() * LIFETIME_SPREAD_MS;
  const timeoutMs = (countOf(query, 'timeoutSeconds') ?? 0) * 1000;
  return {
    selection: selectionOf(query, definition, namespace),
    withInitialEvents: sendInitial ?? since === undefined,
    marksInitialEnd: sendInitial === true && withBookmarks,
    since,
    withBookmarks,
    timeoutMs: timeoutMs === 0 ? lifetimeMs : Math.min(timeoutMs, lifetimeMs),
  };
}

/** Kubernetes wants the two parameters together, and its clients fall back when refused. */
function checkMatch(query: Query, sendsInitialEvents: boolean): void {
  const match = textOf(query, 'resourceVersionMatch');
  if (sendsInitialEvents === (match === 'NotOlderThan')) return;
  if (!sendsInitialEvents && match === undefined) return;
  const message =
    'sendInitialEvents=true and resourceVersionMatch=NotOlderThan go together in a watch';
  throw new RegistrarError('INVALID', message, {
    causes: [{ field: 'resourceVersionMatch', message, reason: 'FieldValueForbidden' }],
  });
}
