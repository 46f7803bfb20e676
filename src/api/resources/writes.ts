import type { FastifyReply } from 'fastify';
import type { Writer } from '../../kinds/definition.js';
import { applyJsonPatch, JsonPatchError } from '../../lib/json-patch.js';
import { isJsonObject, mergePatch } from '../../lib/merge-patch.js';
import type { JsonObject } from '../../lib/merge-patch.js';
import { lastingAnnotations } from '../../model/draft.js';
import { RegistrarError } from '../../model/errors.js';
import type { Handler } from '../endpoint.js';
import { readObject, readPatch } from '../requests/body.js';
import type { Patch } from '../requests/body.js';
import { refuseForce } from '../requests/field-manager.js';
import { preconditionsOf, requireVersion } from '../requests/identity.js';
import type { Query } from '../requests/query.js';
import { applyConfig } from './apply.js';
import { nameOf } from './kind-context.js';
import type { KindContext } from './kind-context.js';
import { sealed } from './sealing.js';
import type { Target } from './target.js';
import { proposal, update } from './update.js';
import type { Update } from './update.js';

/** PUT of an object or one of its subresources. */
export function replaceHandler(context: KindContext, writer: Writer, target: Target): Handler {
  return async (request, reply) => {
    const written = readObject(request);
    requireVersion(context.definition, nameOf(request), preconditionsOf(written));
    const { kind } = context.definition;
    const change = proposal({ context, writer, target, request }, (view) =>
      withLasting(kind, view, written),
    );
    return update({ context, target, request, reply }, change);
  };
}

/** A written object with the annotations that last: whoever replaces it did not mean them. */
function withLasting(kind: string, view: JsonObject, written: JsonObject): JsonObject {
  const [before, metadata] = [annotationsIn(view), written['metadata']];
  const lasting = lastingAnnotations(kind).filter((key) => before[key] !== undefined);
  if (lasting.length === 0 || !isJsonObject(metadata)) return written;
  const kept = Object.fromEntries(lasting.map((key) => [key, before[key]]));
  return {
    ...written,
    metadata: { ...metadata, annotations: { ...kept, ...annotationsIn(written) } },
  };
}

function annotationsIn({ metadata }: JsonObject): JsonObject {
  const annotations = isJsonObject(metadata) ? metadata['annotations'] : undefined;
  return isJsonObject(annotations) ? annotations : {};
}

/** PATCH of an object or one of its subresources. */
export function patchHandler(context: KindContext, writer: Writer, target: Target): Handler {
  return async (request, reply) =>
    patchObject({ context, writer, target, request, reply }, readPatch(request));
}

async function patchObject(write: Update, sent: Patch): Promise<FastifyReply> {
  if (sent.type === 'apply') return applyConfig(write, sent.config);
  refuseForce(write.request.query as Query);
  return update(write, proposal(write, proposed(write, sent)));
}

/** What a patch makes of the view of an object. */
function proposed(
  { context, request }: Update,
  sent: Exclude<Patch, { type: 'apply' }>,
): (view: JsonObject) => unknown {
  if (sent.type === 'json') return (view) => explicitly(patched(view, sent.operations));
  const patch = explicit(sealed(context, request, sent.patch));
  return (view) => mergePatch(view, patch);
}

/** The patch with deleted finalizers as an empty list: that is how a list is given up on purpose. */
function explicit(patch: JsonObject): JsonObject {
  const { metadata } = patch;
  if (!isJsonObject(metadata) || metadata['finalizers'] !== null) return patch;
  return { ...patch, metadata: { ...metadata, finalizers: [] } };
}

/** The view after a JSON patch. INVALID, without details, when it cannot be applied. */
function patched(view: JsonObject, operations: readonly JsonObject[]): unknown {
  try {
    return applyJsonPatch(view, operations);
  } catch (error) {
    if (!(error instanceof JsonPatchError)) throw error;
    const message = `the server rejected our request due to an error in our request: ${error.message}`;
    throw new RegistrarError('INVALID', message);
  }
}

/** An object whose finalizers are gone, with an empty list of them. */
function explicitly(object: unknown): unknown {
  if (!isJsonObject(object) || !isJsonObject(object['metadata'])) return object;
  return { ...object, metadata: { finalizers: [], ...object['metadata'] } };
}
