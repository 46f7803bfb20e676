import { RegistrarError } from '../../model/errors.js';
import type { KindName } from '../../kinds/registered.js';
import type { Snapshot, Stored } from '../../registry/registry.js';
import { badRequest, forbiddenParameter, unsupportedValue } from '../refusals.js';
import { continueToken, parseContinueToken } from '../requests/continue-token.js';
import { countOf, flagOf, textOf, versionOf } from '../requests/query.js';
import type { Query } from '../requests/query.js';
import type { Selection } from '../requests/selection.js';
import type { KindContext } from './kind-context.js';

/** Metadata of a list, as Kubernetes has it. */
export interface ListMeta {
  readonly resourceVersion: string;
  /** Where the next page begins; absent on the last one. */
  readonly continue?: string;
  /** Absent on the last page, and where it is not known because only some objects are listed. */
  readonly remainingItemCount?: number;
}

/** What one list request is answered with. */
export interface Page {
  readonly items: readonly Stored[];
  readonly metadata: ListMeta;
  /** Whether these are all objects of the kind, as the read model lists them. */
  readonly isWhole: boolean;
}

interface Start {
  readonly snapshot: Snapshot<KindName>;
  /** Name of the last object on the page before. */
  readonly after?: string;
}

/**
 * The objects that a list asks for: which state of the list, which of its objects, and how many.
 * EXPIRED when the state is not known any more, TOO_NEW when it is from the future.
 */
export function pageOf(context: KindContext, query: Query, selection: Selection): Page {
  const limit = countOf(query, 'limit') ?? 0;
  const start = startOf(context, query);
  const { resourceVersion } = start.snapshot;
  const selected = selectedFrom(start, selection);
  const items = limit === 0 ? selected : selected.slice(0, limit);
  const last = items.at(-1)?.object.metadata.name;
  if (items.length === selected.length || last === undefined) {
    const isWhole = selected === start.snapshot.items;
    return { items: selected, metadata: { resourceVersion }, isWhole };
  }
  context.memory.snapshots.keep(start.snapshot);
  const remaining = selection.selectsAll && {
    remainingItemCount: selected.length - items.length,
  };
  const token = continueToken({ resourceVersion, after: last });
  return { items, metadata: { resourceVersion, continue: token, ...remaining }, isWhole: false };
}

function selectedFrom({ snapshot, after }: Start, selection: Selection): readonly Stored[] {
  const { items } = snapshot;
  const rest =
    after === undefined ? items : items.filter(({ object }) => object.metadata.name > after);
  return selection.selectsAll ? rest : rest.filter(({ object }) => selection.matches(object));
}

function startOf(context: KindContext, query: Query): Start {
  const token = textOf(query, 'continue');
  if (token === undefined) return { snapshot: snapshotOf(context, query) };
  if (versionOf(query) !== undefined) {
    throw badRequest('Leave out resourceVersion beside continue: the token says which list it is');
  }
  const { resourceVersion, after } = parseContinueToken(token);
  return { snapshot: context.memory.snapshots.at(resourceVersion), after };
}

/** The newest state, unless exactly one of those that are remembered is asked for. */
function snapshotOf(
  { deps, definition: { kind }, memory }: KindContext,
  query: Query,
): Snapshot<KindName> {
  const newest = deps.registry.list(kind);
  const isExact = matchOf(query) === 'Exact';
  const asked = versionOf(query);
  if (asked === undefined || asked === newest.resourceVersion) return newest;
  if (BigInt(asked) > BigInt(newest.resourceVersion)) {
    const message = `Too large resource version: ${asked}, current: ${newest.resourceVersion}`;
    throw new RegistrarError('TOO_NEW', message);
  }
  return isExact ? memory.snapshots.at(asked) : newest;
}

const MATCHES = ['Exact', 'NotOlderThan'];

/** Which of the states that fit a version is wanted. */
function matchOf(query: Query): string | undefined {
  if (flagOf(query, 'sendInitialEvents') !== undefined) {
    throw forbiddenParameter('sendInitialEvents', 'it is for a watch');
  }
  const match = textOf(query, 'resourceVersionMatch');
  if (match === undefined) return undefined;
  if (!MATCHES.includes(match)) throw unsupportedValue('resourceVersionMatch', match, MATCHES);
  if (textOf(query, 'resourceVersion') === undefined) {
    throw forbiddenParameter('resourceVersionMatch', 'it needs a resourceVersion');
  }
  if (match === 'Exact' && versionOf(query) === undefined) {
    throw forbiddenParameter('resourceVersionMatch', 'no state is exactly "0"');
  }
  return match;
}
