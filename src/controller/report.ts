import { isRegistrarError } from '../model/errors.js';
import type { RegistrarError } from '../model/errors.js';
import { moduleReference } from '../model/event.js';
import type { NewEvent } from '../model/event.js';
import type { Module } from '../model/module.js';
import { DONE } from '../plan/action.js';
import type { Action } from '../plan/action.js';
import type { ReconcileContext, Unsaved } from './context.js';
import { unmetDependencies } from './dependencies.js';
import type { Findings } from './findings.js';
import { isTrouble, outcomeText } from './outcome.js';
import { findVersion, runningVersion } from './preparation/release.js';
import { rolloutMemory } from './rollout/view.js';
import { historiesFrom, statusFrom } from './status.js';

/** What a pass found, besides what the context knows. */
export type Found = Omit<
  Findings,
  'module' | 'engineSeen' | 'version' | 'release' | 'unmet' | 'notice' | 'now'
>;

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
  const unmet = unmetDependencies(module, context);
  const version = runningVersion(module, found, context.registry);
  const release = version === undefined ? undefined : findVersion(name, version, context.registry);
  const change = (current: Module): Module => ({
    ...current,
    // The spec that was acted on, the conditions as they are now.
    status: statusFrom({
      ...found,
      ...{ engineSeen, version, release, unmet, notice, now },
      module: { ...module, status: current.status },
    }),
  });
  try {
    await context.registry.update('Module', name, change, { subresource: 'status', uid });
    context.unsaved.delete(uid);
  } catch (error) {
    if (!isRegistrarError(error, 'STORE_UNAVAILABLE')) throw error;
    context.unsaved.set(uid, { histories: found.histories, memory: found.memory });
    return error;
  }
  if (isTrouble(found.outcome)) {
    context.record({ about: referenceTo(module), type: 'Warning', ...outcomeText(found.outcome) });
  }
  return undefined;
}

/** What is remembered of a module: what the store has, or what it could not take yet. */
export const rememberedOf = (
  module: Module,
  { unsaved }: Pick<ReconcileContext, 'unsaved'>,
): Unsaved =>
  unsaved.get(module.metadata.uid) ?? {
    histories: historiesFrom(module.status),
    memory: rolloutMemory(module),
  };

/** The event that says an action was carried out. */
export function doneEvent(module: Module, action: Action): NewEvent {
  const reason = DONE[action.kind];
  const message = `${reason} container ${action.name}: ${action.because}`;
  const type = action.kind === 'restartContainer' ? 'Warning' : 'Normal';
  return { about: referenceTo(module), type, reason, message };
}

/** The event that says a container has no module; it is left for a person to judge. */
export function orphanEvent(module: string, uid: string, container: string): NewEvent {
  const about = moduleReference(module, uid);
  const message = `Container ${container} belongs to a module that does not exist; it is left alone`;
  return { about, type: 'Warning', reason: 'OrphanContainer', message };
}

const referenceTo = ({ metadata: { name, uid } }: Module): NewEvent['about'] =>
  moduleReference(name, uid);
