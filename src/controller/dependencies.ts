import type { ObservedContainer } from '../model/container.js';
import { dependentsOf, describeUnmet, unmetOf } from '../model/dependencies.js';
import type { Unmet } from '../model/dependencies.js';
import type { Module } from '../model/module.js';
import type { Owner } from '../model/owner.js';
import type { Action } from '../plan/action.js';
import type { ReconcileContext } from './context.js';
import { wantsContainers } from './desired.js';
import type { Outcome } from './outcome.js';

/** A fallback: what is waited for makes the module due when it changes. */
const LOOK_AGAIN_MS = 30_000;

/** What a module depends on and cannot use now; every pass asks. */
export const unmetDependencies = (
  { spec }: Module,
  { registry }: Pick<ReconcileContext, 'registry'>,
): Unmet[] => unmetOf(spec, (name) => registry.get('Module', name)?.object);

/** Why what is planned waits for other modules; undefined when it does not. */
export function waitForOthers(
  module: Module,
  actions: readonly Action[],
  context: Pick<ReconcileContext, 'registry' | 'observer'>,
): Outcome | undefined {
  if (!wantsContainers(module)) {
    return actions.length > 0 ? waitForDependents(module, context) : undefined;
  }
  if (!actions.some(({ kind }) => kind === 'createContainer')) return undefined;
  const unmet = unmetDependencies(module, context);
  return unmet.length > 0 ? waitForDependencies(unmet) : undefined;
}

/**
 * Why a revision is not begun: of a module that needs others which are not there. What has begun
 * goes on. A rollout that only waited would be late, and fail, for what is no fault of its own.
 */
export function waitToBegin(
  module: Module,
  { revision }: Pick<Owner, 'revision'>,
  containers: readonly ObservedContainer[],
  context: Pick<ReconcileContext, 'registry'>,
): Outcome | undefined {
  if (!wantsContainers(module)) return undefined;
  if (containers.some(({ owner }) => owner.revision === revision)) return undefined;
  const unmet = unmetDependencies(module, context);
  return unmet.length > 0 ? waitForDependencies(unmet) : undefined;
}

/** Nothing new is made before all that it needs is there; what runs is kept going. */
const waitForDependencies = (unmet: readonly Unmet[]): Outcome => ({
  ...{ kind: 'waiting', reason: 'WaitingForDependencies', lookAgainMs: LOOK_AGAIN_MS },
  message: `Waiting for ${describeUnmet(unmet)}`,
});

/**
 * Why a module that is to stop waits: those that need it are to stop, too, and go first. One that
 * needs it and is to go on does not count: it was asked for all the same.
 */
function waitForDependents(
  { metadata: { name } }: Module,
  { registry, observer }: Pick<ReconcileContext, 'registry' | 'observer'>,
): Outcome | undefined {
  const modules = registry.list('Module').items.map(({ object }) => object);
  const stopping = dependentsOf(name, modules)
    .filter((one) => !wantsContainers(one))
    .filter(({ metadata }) => observer.containersOf(metadata.name).length > 0);
  if (stopping.length === 0) return undefined;
  const unmet = stopping.map(({ metadata }) => ({ name: metadata.name, why: 'it stops first' }));
  const message = `Waiting for what needs it: ${describeUnmet(unmet)}`;
  const lookAgainMs = LOOK_AGAIN_MS;
  return { kind: 'waiting', reason: 'WaitingForDependents', message, lookAgainMs };
}
