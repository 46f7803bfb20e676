import { isRegistrarError } from '../model/errors.js';
import type { RegistrarError } from '../model/errors.js';
import type { Module } from '../model/module.js';
import { describe } from '../plan/action.js';
import type { Action } from '../plan/action.js';
import { historyOf } from '../plan/history.js';
import type { Blueprint } from './blueprint.js';
import type { ReconcileContext } from './context.js';
import { createRequest } from './desired.js';
import { execute } from './execute.js';
import type { Execution } from './execute.js';
import { lookAt, mergeHistories } from './look.js';
import type { Look } from './look.js';
import type { Outcome } from './outcome.js';
import type { Planned } from './planning.js';
import { doubtAbout } from './preparation/verify-stage.js';
import { doneEvent, report } from './report.js';
import type { Found } from './report.js';

/** What became of a plan. */
export interface Acted {
  readonly look: Look;
  readonly error?: RegistrarError | undefined;
  /** Why nothing of it was done, if nothing was. */
  readonly doubt?: Outcome | undefined;
}

/**
 * Says what is about to be done, does it, and looks again; without actions nothing of it. Nothing new
 * is made when somebody changed meanwhile what decides about it.
 */
export async function act(
  module: Module,
  actions: readonly Action[],
  found: Omit<Found, 'outcome'> & Pick<Planned, 'secrets' | 'blueprint'>,
  context: ReconcileContext,
): Promise<Acted> {
  const { containers, histories, preparation, secrets, blueprint, ...rest } = found;
  const [first] = actions;
  if (first === undefined) return { look: { containers, histories } };
  const known = { ...rest, containers, histories, preparation };
  await report(module, context, { ...known, outcome: underWay(first) });
  const makes = actions.some(({ kind }) => kind === 'createContainer');
  const doubt = makes ? await doubtAbout(module, preparation, context) : undefined;
  if (doubt !== undefined) return { look: { containers, histories }, doubt };
  const { runtime, registry } = context;
  const made = { instance: registry.instanceId, secrets };
  const execution = await execute(actions, {
    runtime,
    request: (slot) => createRequest(module, present(blueprint), made, slot),
    history: (of) => historyOf(histories, of),
    done: (action) => context.record(doneEvent(module, action)),
    now: () => context.clock.now(),
    patiently: context.permits.lending(),
    rest: (milliseconds) =>
      new Promise((resolve) => void context.clock.after(milliseconds, resolve)),
  });
  await lookAgain(execution, context);
  const look = lookAt(module, context, mergeHistories(histories, execution.histories));
  return { look, error: execution.error };
}

/** Without a blueprint no plan creates a container. */
function present(blueprint: Blueprint | undefined): Blueprint {
  if (blueprint === undefined) throw new Error('A container is created from nothing');
  return blueprint;
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
export async function outcomeOfError(
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

const underWay = (action: Action): Outcome => ({
  kind: 'progressing',
  reason: 'Reconciling',
  message: describe(action),
});
