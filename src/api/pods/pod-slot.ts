import type { FastifyRequest } from 'fastify';
import { CONTAINER } from '../../kinds/pod/derive.js';
import type { Pod } from '../../kinds/pod/schema.js';
import { KINDS } from '../../kinds/registered.js';
import { printable } from '../../lib/printable.js';
import { MODULE_LABEL, REVISION_LABEL, SLOT_LABEL } from '../../model/owner.js';
import type { Place } from '../../controller/operations.js';
import type { ApiDeps } from '../deps.js';
import { badRequest } from '../refusals.js';
import { textOf } from '../requests/query.js';
import type { Query } from '../requests/query.js';
import { find } from '../resources/reads.js';

/** The container of a module that a pod stands for. */
export interface PodSlot {
  readonly pod: string;
  readonly module: string;
  readonly place: Place;
}

/**
 * The slot that a request about the container of a pod means. NOT_FOUND without such a pod,
 * BAD_REQUEST for a container that it does not have.
 */
export function podSlotOf(deps: ApiDeps, request: FastifyRequest): PodSlot {
  const { metadata } = find({ deps, definition: KINDS.Pod }, request).object as Pod;
  const container = textOf(request.query as Query, 'container') ?? CONTAINER;
  if (container !== CONTAINER) {
    throw badRequest(`container ${printable(container)} is not valid for pod ${metadata.name}`);
  }
  const { [MODULE_LABEL]: module = '', ...labels } = metadata.labels ?? {};
  const place = { slot: Number(labels[SLOT_LABEL]), revision: labels[REVISION_LABEL] };
  return { pod: metadata.name, module, place };
}
