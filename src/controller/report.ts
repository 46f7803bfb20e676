import { isRegistrarError } from '../model/errors.js';
import type { RegistrarError } from '../model/errors.js';
import { moduleReference } from '../model/event.js';
import type { NewEvent } from '../model/event.js';
import type { Module } from '../model/module.js';
import { DONE } from '../plan/action.js';
import type { Action } from '../plan/action.js';
import type { SlotHistory } from '../plan/history.js';
import type { ReconcileContext } from './context.js';
import type { Findings } from './findings.js';
import { isTrouble } from './outcome.js';
import { historiesFrom, outcomeText, statusFrom } from './status.js';

/** What a pass found, besides what the context knows. */
export type Found = Omit<Findings, 'module' | 'engineSeen' | 'notice' | 'now'>;

/**
 * Writes what was found as the module's status, and as an event when it is trouble. Resolves to the
 * refusal of a store that cannot take it: containers do not have to wait for that.
 */
export async function report(
  module: Module,
  context: ReconcileContext,
  found: Found,
): Promise<RegistrarError | undefined> {
  const { name, uid } = module.metadata;
  const engineSeen = context.observer.engine.kind === 'seen';
  const now = context.clock.now();
  const notice = context.notice(name);
  const change = (current: Module): Module => ({
    ...current,
    // The spec that was acted on, the conditions as they are now.
    status: statusFrom({
      ...found,
      ...{ engineSeen, notice, now },
      module: { ...module, status: current.status },
    }),
  });
  try {
    await context.registry.update('Module', name, change, { subresource: 'status', uid });
    context.unsaved.delete(uid);
  } catch (error) {
    if (!isRegistrarError(error, 'STORE_UNAVAILABLE')) throw error;
    context.unsaved.set(uid, found.histories);
    return error;
  }
  if (isTrouble(found.outcome)) {
    context.record({ about: referenceTo(module), type: 'Warning', ...outcomeText(found.outcome) });
  }
  return undefined;
}

/** What is remembered of a module's slots. */
export function historiesOf(
  { metadata, status }: Module,
  { unsaved }: Pick<ReconcileContext, 'unsaved'>,
): readonly SlotHistory[] {
  return unsaved.get(metadata.uid) ?? historiesFrom(status);
}

/** The event that says an action was carried out. */
export function doneEvent(module: Module, action: Action): NewEvent {
  const reason = DONE[action.kind];
  const message = `${reason} container ${action.name}: ${action.because}`;
  return { about: referenceTo(module), type: 'Normal', reason, message };
}

/** The event that says a container has no module; it is left for a person to judge. */
export function orphanEvent(module: string, uid: string, container: string): NewEvent {
  const about = moduleReference(module, uid);
  const message = `Container ${container} belongs to a module that does not exist; it is left alone`;
  return { about, type: 'Warning', reason: 'OrphanContainer', message };
}

const referenceTo = ({ metadata: { name, uid } }: Module): NewEvent['about'] =>
  moduleReference(name, uid);
