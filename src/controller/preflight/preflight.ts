import { isRegistrarError } from '../../model/errors.js';
import { moduleReference } from '../../model/event.js';
import type { Module } from '../../model/module.js';
import type { Action } from '../../plan/action.js';
import { cautionsOf, clashesOf } from '../../plan/preflight.js';
import type { Clash } from '../../plan/preflight.js';
import type { ReconcileContext } from '../context.js';
import type { Outcome } from '../outcome.js';
import { failure } from '../preparation/stage.js';
import { hostFacts, wantedOf } from './host-facts.js';
import type { Making } from './host-facts.js';

/** Nothing tells when a port or a disk gets free. */
const LOOK_AGAIN_MS = 5_000;
/** Clashes that one message tells of. */
const MAX_TOLD = 5;

/**
 * Before a plan makes containers: what they need of the host and cannot have. Undefined when nothing is
 * in the way; a plan that makes none costs nothing.
 */
export async function preflight(
  making: Making,
  actions: readonly Action[],
  context: ReconcileContext,
): Promise<Outcome | undefined> {
  const names = actions.flatMap((one) => (one.kind === 'createContainer' ? [one.name] : []));
  if (names.length === 0) return undefined;
  try {
    const facts = await hostFacts(making, context);
    const clashes = clashesOf(wantedOf(making, names), facts);
    if (clashes.length > 0) return outcomeOf(clashes);
    tell(making.module, cautionsOf(facts), context);
    return undefined;
  } catch (error) {
    if (!isRegistrarError(error)) throw error;
    await context.observer.callFailed(error);
    return failure(error);
  }
}

/** One reason when all have the same. Only what nothing but another spec helps with is stalled. */
export function outcomeOf(clashes: readonly Clash[]): Outcome {
  const [first, ...others] = new Set(clashes.map(({ reason }) => reason));
  const reason = others.length === 0 && first !== undefined ? first : 'PreflightFailed';
  const told = clashes.slice(0, MAX_TOLD).map(({ message }) => message);
  const left = clashes.length - told.length;
  const message = [...told, ...(left > 0 ? [`and ${left} more`] : [])].join('; ');
  if (clashes.some(({ isFinal }) => isFinal)) return { kind: 'stalled', reason, message };
  return { kind: 'waiting', reason, message, lookAgainMs: LOOK_AGAIN_MS };
}

function tell({ metadata }: Module, cautions: readonly string[], context: ReconcileContext): void {
  const about = moduleReference(metadata.name, metadata.uid);
  for (const message of cautions) {
    context.record({ about, type: 'Warning', reason: 'MemoryOvercommitted', message });
  }
}
