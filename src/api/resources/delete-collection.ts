import type { FastifyRequest } from 'fastify';
import type { Writer } from '../../kinds/definition.js';
import { mapBounded } from '../../lib/bounded.js';
import { isRegistrarError, RegistrarError } from '../../model/errors.js';
import { inRounds } from '../../lib/rounds.js';
import type { Stored } from '../../registry/registry.js';
import { requireAccess } from '../access/access-control.js';
import type { Handler } from '../endpoint.js';
import type { Query } from '../requests/query.js';
import { selectionOf } from '../requests/selection.js';
import { deletionOf } from './deletion.js';
import { namespaceOf, sendJson } from './kind-context.js';
import type { KindContext } from './kind-context.js';
import { remove } from './removal.js';

/** Deletions that arrive together commit together; a bound on what is in flight. */
const AT_ONCE = 100;

/** Most refusals that an answer tells of. */
const MAX_TOLD = 10;

/**
 * DELETE of a collection: the list of what was hit. Each object goes or stays by itself, as with one
 * request each; when one stays although it was asked for, the answer is its error. Nothing is
 * deleted when the sender may not delete one of them.
 */
export function deleteCollectionHandler(context: KindContext, writer: Writer): Handler {
  const { deps, definition, memory } = context;
  return async (request, reply) => {
    const selected = selectedBy(context, request);
    const { hit, refusals } = await deleteAll(context, writer, selected, request);
    const [first] = refusals;
    if (first !== undefined) throw partly(first, refusals, selected.length);
    const metadata = { resourceVersion: deps.registry.resourceVersion };
    const page = { items: hit, metadata, isWhole: false };
    return sendJson(reply, 200, memory.bodies.body(definition, page));
  };
}

/** The objects that a request selects. Throws FORBIDDEN when its sender may not delete one of them. */
function selectedBy(
  { deps: { registry }, definition }: KindContext,
  request: FastifyRequest,
): readonly Stored[] {
  const { kind, group, plural: resource } = definition;
  const selection = selectionOf(request.query as Query, definition, namespaceOf(request));
  const selected = registry.list(kind).items.filter(({ object }) => selection.matches(object));
  for (const { object } of selected) {
    const { name } = object.metadata;
    requireAccess(request, { verb: 'deletecollection', group, resource, name });
  }
  return selected;
}

/** What became of each object: those that were hit, and why the others stay. */
async function deleteAll(
  context: KindContext,
  writer: Writer,
  selected: readonly Stored[],
  request: FastifyRequest,
): Promise<{ hit: Stored[]; refusals: RegistrarError[] }> {
  const deletion = deletionOf(request);
  const attempt = ({ object }: Stored): Promise<Attempt> =>
    remove(context, writer, object, deletion, request).then(({ stored }) => stored, refusalIn);
  const outcomes = await inRounds(
    selected,
    (some) => mapBounded(some, AT_ONCE, attempt),
    // What needs it may be among the others.
    (outcome) => isRegistrarError(outcome, 'MODULE_NEEDED'),
  );
  const refusals = outcomes.filter((outcome) => outcome instanceof RegistrarError);
  const hit = outcomes.filter((outcome) => outcome !== undefined && !isRegistrarError(outcome));
  return { hit: hit as Stored[], refusals };
}

/** The object as its deletion leaves it; undefined when it went meanwhile, its refusal otherwise. */
type Attempt = Stored | RegistrarError | undefined;

function refusalIn(error: unknown): Attempt {
  if (isRegistrarError(error, 'NOT_FOUND')) return undefined;
  if (error instanceof RegistrarError) return error;
  throw error;
}

/** Tells which objects stay, and why. */
function partly(
  first: RegistrarError,
  refusals: readonly RegistrarError[],
  selected: number,
): RegistrarError {
  const told = refusals.slice(0, MAX_TOLD).map(({ message }) => message);
  const rest = refusals.length > told.length ? [`${refusals.length - told.length} more`] : [];
  const message = `${refusals.length} of ${selected} objects cannot be deleted: ${[...told, ...rest].join('; ')}`;
  return new RegistrarError(first.code, message, { ...first.details, cause: first });
}
