import type { Event } from '../model/event.js';
import type { Module } from '../model/module.js';
import { RegistrarError } from '../model/errors.js';
import { resourceOf } from '../model/kinds.js';
import type { Client } from './http.js';
import { EVENTS_PATH, listEvents, listModules, MODULES_PATH } from './modules.js';
import type { List, Selection } from './modules.js';
import { KINDS } from './names.js';
import type { Targets } from './names.js';
import { sortEvents } from './render/events.js';
import { ServerError } from './server-error.js';

export type Shown = Module | Event;

/** What a request found, and how to go on watching it. */
export interface Found {
  readonly items: readonly Shown[];
  /** True when exactly one object was asked for by name. */
  readonly isSingle: boolean;
  /** One for each name that is not there. */
  readonly errors: readonly ServerError[];
  readonly path: string;
  readonly selection: Selection;
  readonly resourceVersion: string;
  includes(object: Shown): boolean;
}

function selectionOf({ names }: Targets, labelSelector: string | undefined): Selection {
  if (names.length > 0 && labelSelector !== undefined)
    throw new RegistrarError('BAD_REQUEST', 'Name objects or choose them with -l, not both');
  const [only] = names;
  return names.length === 1 ? { fieldSelector: `metadata.name=${only}` } : { labelSelector };
}

const list = async (
  { kind }: Targets,
  client: Client,
  selection: Selection,
): Promise<List<Shown>> => {
  if (kind === 'Module') return listModules(client, selection);
  const { items, metadata } = await listEvents(client, selection);
  return { items: sortEvents(items), metadata };
};

/** What the server would have said to a GET of the name. */
function missing({ kind }: Targets, name: string): ServerError {
  const message = `${resourceOf(KINDS[kind])} "${name}" not found`;
  return new ServerError(404, { reason: 'NotFound', message });
}

/** The objects asked for, in the order of their names when several are given. */
export async function findObjects(
  client: Client,
  targets: Targets,
  labelSelector: string | undefined,
): Promise<Found> {
  const selection = selectionOf(targets, labelSelector);
  const { items, metadata } = await list(targets, client, selection);
  const byName = new Map(items.map((item) => [item.metadata.name, item]));
  const { names } = targets;
  const wanted = new Set(names);
  return {
    items: names.length === 0 ? items : names.flatMap((name) => byName.get(name) ?? []),
    isSingle: names.length === 1,
    errors: names.filter((name) => !byName.has(name)).map((name) => missing(targets, name)),
    path: targets.kind === 'Module' ? MODULES_PATH : EVENTS_PATH,
    selection,
    resourceVersion: metadata.resourceVersion,
    includes: (object) => wanted.size === 0 || wanted.has(object.metadata.name),
  };
}
