import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Drafted, Writer } from '../../kinds/definition.js';
import type { KindName, Kinds } from '../../kinds/registered.js';
import { isJsonObject } from '../../lib/merge-patch.js';
import type { JsonObject } from '../../lib/merge-patch.js';
import { trackUpdate } from '../../managed-fields/track-update.js';
import { checkPreconditions } from '../../registry/metadata.js';
import type { Draft } from '../../registry/registry.js';
import { auditEntryOf } from '../audit/audit-entry.js';
import { badRequest } from '../refusals.js';
import { fieldManagerOf } from '../requests/field-manager.js';
import { checkType, preconditionsOf, withName } from '../requests/identity.js';
import { fieldValidationOf, isDryRun } from '../requests/query.js';
import type { Query } from '../requests/query.js';
import { cautionsAbout } from './cautions.js';
import { nameOf, sendJson, sendWarnings } from './kind-context.js';
import type { KindContext } from './kind-context.js';
import { sealed, valuesOf } from './sealing.js';
import { draftAt, viewJson } from './target.js';
import type { Target } from './target.js';
import { authorship, withEntries, writtenEntries } from './tracking.js';

/** A request that changes an object at one of its paths. */
export interface Update {
  readonly context: KindContext;
  readonly writer: Writer;
  readonly target: Target;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** What is to be stored instead of an object. Throws to refuse. */
export type Change = (current: Kinds[KindName]) => Drafted;

/** Stores what a change makes of the newest state, as it is inside of the write, and answers. */
export async function update(
  { context: { deps, definition }, target, request, reply }: Omit<Update, 'writer'>,
  change: Change,
): Promise<FastifyReply> {
  let warnings: readonly string[] = [];
  const dryRun = isDryRun(request.query as Query);
  const { stored } = await deps.registry.update(
    definition.kind,
    nameOf(request),
    (current) => {
      const drafted = change(current);
      warnings = drafted.warnings;
      return drafted.draft as Draft<KindName>;
    },
    {
      ...{ dryRun, subresource: target.subresource },
      ...{ audit: auditEntryOf(request), values: valuesOf(request) },
    },
  );
  const isSpec = target.name === undefined;
  const cautions = isSpec ? await cautionsAbout(stored.object, dryRun, deps) : [];
  sendWarnings(reply, [...warnings, ...cautions]);
  return sendJson(reply, 200, viewJson(target, stored));
}

/** The change by which what `propose` makes of the view of an object replaces it. */
export function proposal(
  { context, writer, target, request }: Omit<Update, 'reply'>,
  propose: (view: JsonObject) => unknown,
): Change {
  const { definition } = context;
  const mode = fieldValidationOf(request.query as Query);
  const who = { manager: fieldManagerOf(request), operation: 'Update' } as const;
  const by = authorship(context, who, target.name);
  return (current) => {
    const proposed = propose(target.view?.(current) ?? (current as object as JsonObject));
    if (!isJsonObject(proposed)) throw badRequest('What is left of the object is no object');
    const written = withName(sealed(context, request, proposed), nameOf(request));
    checkType(written, target.typeOf(definition));
    checkPreconditions(current, preconditionsOf(written));
    const drafted = draftAt(target, writer, current, written, mode);
    const after = target.after(current, drafted.draft);
    const entries = writtenEntries(definition, written, current);
    const tracked = trackUpdate({ ...by, before: current, after, entries });
    return withEntries(definition, drafted, tracked);
  };
}
