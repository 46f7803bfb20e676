import { CONTAINERS_FINALIZER } from '../model/names.js';
import { isRegistrarError } from '../model/errors.js';
import type { RegistrarError } from '../model/errors.js';
import type { Module } from '../model/module.js';
import { describe } from '../plan/action.js';
import type { Action } from '../plan/action.js';
import type { Desired } from '../plan/desired.js';
import { newHistory } from '../plan/history.js';
import { plan } from '../plan/plan.js';
import type { ReconcileContext } from './context.js';
import { createRequest, desiredOf, wantsContainers } from './desired.js';
import { execute } from './execute.js';
import type { Execution } from './execute.js';
import { ensureImage, recordedImage } from './image.js';
import { lookAt, mergeHistories } from './look.js';
import type { Look } from './look.js';
import type { Outcome } from './outcome.js';
import { assess } from './readiness.js';
import { doneEvent, historiesOf, orphanEvent, report } from './report.js';
import type { Found } from './report.js';
import { forgetRevisions, recordRevision } from './revisions.js';

/**
 * One pass for one module: read, observe, image, plan, execute, status. Level-based: it depends on
 * what is, not on what woke it, and repeating it is harmless.
 */
export async function reconcile(name: string, context: ReconcileContext): Promise<Outcome> {
  const module = context.registry.get('Module', name)?.object;
  if (module === undefined) return forgetModule(name, context);
  if (context.observer.engine.kind !== 'seen') return waitForEngine(module, context);
  return converge(module, context);
}

async function converge(module: Module, context: ReconcileContext): Promise<Outcome> {
  const { image, problem } = await ensureImage(module, context);
  const desired = desiredOf(module, image?.id, context.registry.instanceId);
  // What was resolved stays recorded while it cannot be had: a tag is never resolved twice.
  const found = { desired, image: image ?? recordedImage(module), imageProblem: problem };
  if (desired.target !== undefined && image !== undefined && wantsContainers(module))
    await recordRevision(module, desired.target.revision, image, context.registry);
  const before = lookAt(module, context, historiesOf(module, context));
  const { actions } = plan(desired, before.containers, before.histories, context.clock.now());
  const { look, error } = await act(module, actions, { ...found, ...before }, context);
  if (isDeleted(module) && look.containers.length === 0) return finish(module, context);
  const failure = await outcomeOfError(module, error, context);
  const outcome = failure ?? problem ?? settled(desired, look, context.clock.now());
  return conclude(module, context, { ...found, ...look, outcome });
}

/** What the containers come to, when nothing went wrong on the way. */
function settled(desired: Desired, { containers, histories }: Look, now: number): Outcome {
  return assess(containers, histories, plan(desired, containers, histories, now), now);
}

/** Reports, and comes back when the store could not take it. */
async function conclude(module: Module, context: ReconcileContext, found: Found): Promise<Outcome> {
  const error = await report(module, context, found);
  return error === undefined ? found.outcome : { kind: 'failed', error };
}

const isDeleted = ({ metadata }: Module): boolean => metadata.deletionTimestamp !== undefined;

const underWay = (action: Action): Outcome => ({
  kind: 'progressing',
  reason: 'Reconciling',
  message: describe(action),
});

/** A module that does not exist needs nothing; containers that still name it are reported once. */
async function forgetModule(name: string, context: ReconcileContext): Promise<Outcome> {
  await forgetRevisions(name, context.registry);
  context.pulls.cancel(name);
  context.lostImages.delete(name);
  for (const { id, owner, name: container } of context.observer.containersOf(name)) {
    context.prober.forget(id);
    if (context.reportedOrphans.has(id)) continue;
    context.reportedOrphans.add(id);
    context.record(orphanEvent(name, owner.uid, container));
  }
  return { kind: 'converged' };
}

/** Without sight of the engine nothing is done and nothing is claimed. */
async function waitForEngine(module: Module, context: ReconcileContext): Promise<Outcome> {
  const { engine } = context.observer;
  const outcome: Outcome = {
    kind: 'waiting',
    reason: engine.kind === 'away' ? engine.error.reason : 'EngineUnavailable',
    message: engine.kind === 'away' ? engine.error.message : 'The engine was not seen yet',
  };
  const image = recordedImage(module);
  return conclude(module, context, {
    ...{ outcome, image, imageProblem: undefined },
    desired: desiredOf(module, image?.id, context.registry.instanceId),
    histories: historiesOf(module, context),
    containers: context.observer.containersOf(module.metadata.name),
  });
}

/** Says what is about to be done, does it, and looks again; without actions nothing of it. */
async function act(
  module: Module,
  actions: readonly Action[],
  found: Omit<Found, 'outcome'>,
  context: ReconcileContext,
): Promise<{ look: Look; error: RegistrarError | undefined }> {
  const { containers, histories, image } = found;
  const [first] = actions;
  if (first === undefined) return { look: { containers, histories }, error: undefined };
  await report(module, context, { ...found, outcome: underWay(first) });
  const { runtime, registry } = context;
  const execution = await execute(actions, {
    runtime,
    request: (slot) => createRequest(module, image?.id ?? '', registry.instanceId, slot),
    history: (slot) => histories.find((one) => one.slot === slot) ?? newHistory(slot),
    done: (action) => context.record(doneEvent(module, action)),
    now: () => context.clock.now(),
  });
  await lookAgain(execution, context);
  const look = lookAt(module, context, mergeHistories(histories, execution.histories));
  return { look, error: execution.error };
}

/** Looks at just the containers that were touched. */
async function lookAgain(
  { removed, touched }: Execution,
  { observer, prober }: ReconcileContext,
): Promise<void> {
  for (const id of removed) {
    observer.forget(id);
    prober.forget(id);
  }
  const looks = await Promise.allSettled([...touched].map((id) => observer.touch(id)));
  const failed = looks.find((look) => look.status === 'rejected');
  if (failed !== undefined) await observer.callFailed(failed.reason);
}

/** What an error of an action comes to; undefined for those that the histories tell of. */
async function outcomeOfError(
  module: Module,
  error: RegistrarError | undefined,
  { lostImages, observer }: ReconcileContext,
): Promise<Outcome | undefined> {
  if (error === undefined) return undefined;
  if (isRegistrarError(error, 'START_FAILED', 'PORT_CONFLICT')) return undefined;
  if (isRegistrarError(error, 'IMAGE_NOT_FOUND')) {
    lostImages.add(module.metadata.name);
    const { reason, message } = error;
    return { kind: 'progressing', reason, message, lookAgainMs: 1_000 };
  }
  if (isRegistrarError(error, 'ENGINE_UNAVAILABLE', 'ENGINE_TIMEOUT')) {
    await observer.callFailed(error);
  }
  return { kind: 'failed', error };
}

/** The last container is gone: remove what only containers needed, then let the module go. */
async function finish(module: Module, context: ReconcileContext): Promise<Outcome> {
  const { name, uid } = module.metadata;
  const letGo = ({ metadata, ...rest }: Module): Module => ({
    ...rest,
    metadata: {
      ...metadata,
      finalizers: (metadata.finalizers ?? []).filter((one) => one !== CONTAINERS_FINALIZER),
    },
  });
  // In this order, so that nothing is left of a module that is gone.
  await context.runtime.tidy();
  await forgetRevisions(name, context.registry);
  await context.registry.update('Module', name, letGo, { uid });
  context.unsaved.delete(uid);
  return { kind: 'converged' };
}
