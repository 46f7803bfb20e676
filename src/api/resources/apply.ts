import type { FastifyReply } from 'fastify';
import type { Drafted } from '../../kinds/definition.js';
import type { KindName, Kinds } from '../../kinds/registered.js';
import { isJsonObject } from '../../lib/merge-patch.js';
import type { JsonObject } from '../../lib/merge-patch.js';
import { apply } from '../../managed-fields/apply.js';
import { conflictError } from '../../managed-fields/conflicts.js';
import { withoutNulls } from '../../managed-fields/overlay.js';
import { isRegistrarError, RegistrarError } from '../../model/errors.js';
import { resourceOf } from '../../model/kinds.js';
import { checkPreconditions } from '../../registry/metadata.js';
import { badRequest, noSuchObject } from '../refusals.js';
import { requiredFieldManagerOf } from '../requests/field-manager.js';
import { checkType, preconditionsOf, withName } from '../requests/identity.js';
import { fieldValidationOf, flagOf } from '../requests/query.js';
import type { Query } from '../requests/query.js';
import { create } from './create.js';
import { nameOf } from './kind-context.js';
import type { KindContext } from './kind-context.js';
import { sealed } from './sealing.js';
import { draftAt, MAIN } from './target.js';
import { authorship, entriesOf, withEntries } from './tracking.js';
import { update } from './update.js';
import type { Update } from './update.js';

/** How often an object may come or go between looking at it and writing it. */
const ATTEMPTS = 5;

/** Server-side apply: answers a PATCH that says what an object shall be. */
export async function applyConfig(request: Update, sent: JsonObject): Promise<FastifyReply> {
  const { context, target } = request;
  const name = nameOf(request.request);
  const config = withName(sealed(context, request.request, withoutNulls(sent)), name);
  checkType(config, target.typeOf(context.definition));
  refuseEntries(config);
  const draft = applied(request, config);
  for (let attempt = 1; ; attempt += 1) {
    const isThere = context.deps.registry.get(context.definition.kind, name) !== undefined;
    try {
      if (isThere) return await update(request, draft);
      refuseMissing(request, config);
      return await create(request, draft(undefined));
    } catch (error) {
      const isMoved = isRegistrarError(error, isThere ? 'NOT_FOUND' : 'ALREADY_EXISTS');
      if (!isMoved || attempt === ATTEMPTS) throw error;
    }
  }
}

/** What to store for a configuration. Throws CONFLICT for what is another's, unless it is forced. */
function applied(
  { context, writer, target, request }: Update,
  config: JsonObject,
): (current: Kinds[KindName] | undefined) => Drafted {
  const query = request.query as Query;
  const { definition } = context;
  const mode = fieldValidationOf(query);
  const isForced = flagOf(query, 'force') === true;
  const who = { manager: requiredFieldManagerOf(request), operation: 'Apply' } as const;
  const by = authorship(context, who, target.name);
  return (current) => {
    if (current !== undefined) checkPreconditions(current, preconditionsOf(config));
    const entries = current === undefined ? [] : entriesOf(current);
    const said = target.configOf(config);
    const outcome = apply({ ...by, live: current, config: said, entries });
    const whole = completed(context, config, outcome.object);
    const drafted =
      current === undefined
        ? writer.draft(whole, undefined, mode)
        : draftAt(target, writer, current, whole, mode);
    // Only now: that a file declares the object says more than who has its fields.
    if (outcome.conflicts.length > 0 && !isForced) throw conflictError(outcome.conflicts);
    return withEntries(
      definition,
      drafted,
      outcome.entriesOf(target.after(current, drafted.draft)),
    );
  };
}

/** The applied object as a client would have sent the whole of it. */
function completed(
  { definition }: KindContext,
  { metadata }: JsonObject,
  object: JsonObject,
): JsonObject {
  const [sent, owned] = [metadata, object['metadata']].map((one) => (isJsonObject(one) ? one : {}));
  return { ...MAIN.typeOf(definition), ...object, metadata: { ...sent, ...owned } };
}

/** Throws BAD_REQUEST for an object as it was read, which says who has what already. */
function refuseEntries({ metadata }: JsonObject): void {
  const entries = isJsonObject(metadata) ? metadata['managedFields'] : undefined;
  if (entries === undefined || (Array.isArray(entries) && entries.length === 0)) return;
  throw badRequest('metadata.managedFields must be nil: leave it out of what is applied');
}

/** Throws for what cannot be made by applying it: a part of an object, or one that must be there. */
function refuseMissing({ context: { definition }, target, request }: Update, config: JsonObject) {
  const name = nameOf(request);
  if (target !== MAIN) throw noSuchObject(definition, name);
  const { uid, resourceVersion } = preconditionsOf(config);
  if (uid === undefined && resourceVersion === undefined) return;
  const message = `Operation cannot be fulfilled on ${resourceOf(definition)} "${name}": it does not exist; leave out metadata.uid and metadata.resourceVersion to create it`;
  throw new RegistrarError('CONFLICT', message, { kind: definition.kind, name });
}
