import { RegistrarError } from '../model/errors.js';
import { resourceOf } from '../model/kinds.js';
import { ACCEPT_TABLE, readAnswer } from './answers.js';
import type { Answer, Entry } from './answers.js';
import type { Client } from './http.js';
import { collectionPath, EVENTS } from './resource.js';
import type { Resource } from './resource.js';
import { ServerError } from './server-error.js';
import { sortEvents } from './sort.js';
import type { Targets } from './targets.js';
import type { Request } from './transport.js';

/** How much of the objects is wanted, and which. */
export interface Wanted {
  readonly labelSelector: string | undefined;
  readonly fieldSelector: string | undefined;
  /** Ask for tables; for the objects themselves otherwise. */
  readonly asTable: boolean;
  /** With a table, the whole of each object too. */
  readonly withObjects: boolean;
}

/** What a request for objects of one kind found, and how to go on watching them. */
export interface Found extends Answer {
  readonly resource: Resource;
  /** True when exactly one object was asked for by name. */
  readonly isSingle: boolean;
  /** One for each name that is not there. */
  readonly errors: readonly ServerError[];
  readonly request: ListRequest;
  includes(entry: Entry): boolean;
}

/** How a list is asked for. */
export type ListRequest = Pick<Request, 'path' | 'query' | 'accept'>;

/** The objects of each kind that is asked for. */
export async function findAll(
  client: Client,
  targets: Targets,
  wanted: Wanted,
): Promise<readonly Found[]> {
  const { resources, names, otherwise } = targets;
  const found = await Promise.all(
    resources.map((resource) => find(client, resource, names, wanted)),
  );
  const [first] = names;
  const isMissing = first !== undefined && !has(found, first);
  const meant = isMissing ? await otherwise?.() : undefined;
  return meant === undefined ? found : findAll(client, meant, wanted);
}

const has = (found: readonly Found[], name: string): boolean =>
  found.some(({ entries }) => entries.some(({ object }) => object.metadata.name === name));

/** The objects of one kind, in the order of their names when several are given. */
export async function find(
  client: Client,
  resource: Resource,
  names: readonly string[],
  wanted: Wanted,
): Promise<Found> {
  const request = requestFor(resource, names, wanted);
  const answer = readAnswer(await client.json(request));
  const byName = new Map(answer.entries.map((entry) => [entry.object.metadata.name, entry]));
  const asked = new Set(names);
  return {
    ...answer,
    entries: names.length === 0 ? answer.entries : names.flatMap((name) => byName.get(name) ?? []),
    ...{ resource, request },
    isSingle: names.length === 1,
    errors: names.filter((name) => !byName.has(name)).map((name) => missing(resource, name)),
    includes: ({ object }) => asked.size === 0 || asked.has(object.metadata.name),
  };
}

function requestFor(
  resource: Resource,
  names: readonly string[],
  { labelSelector, fieldSelector, asTable, withObjects }: Wanted,
): ListRequest {
  const isSelected = labelSelector !== undefined || fieldSelector !== undefined;
  if (names.length > 0 && isSelected) {
    throw new RegistrarError(
      'BAD_REQUEST',
      'Name objects, or choose them with -l or --field-selector, not both',
    );
  }
  const [only] = names;
  const named = names.length === 1 ? `metadata.name=${only}` : fieldSelector;
  return {
    path: collectionPath(resource),
    query: {
      labelSelector,
      fieldSelector: named,
      // Events are sorted by when they happened.
      ...(asTable && (withObjects || resource === EVENTS) && { includeObject: 'Object' }),
    },
    ...(asTable && { accept: ACCEPT_TABLE }),
  };
}

/** What the server would have said to a GET of the name. */
function missing(resource: Resource, name: string): ServerError {
  const message = `${resourceOf(resource)} "${name}" not found`;
  return new ServerError(404, { reason: 'NotFound', message });
}

/** Events as a table, in the order in which they happened. */
export async function findEvents(
  client: Client,
  fieldSelector: string | undefined,
): Promise<Found> {
  const wanted = { labelSelector: undefined, fieldSelector, asTable: true, withObjects: true };
  const found = await find(client, EVENTS, [], wanted);
  return { ...found, entries: sortEvents(found.entries) };
}
