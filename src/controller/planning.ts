import type { Module } from '../model/module.js';
import { NO_SECRETS } from '../model/secret.js';
import type { Action } from '../plan/action.js';
import type { Desired } from '../plan/desired.js';
import { plan } from '../plan/plan.js';
import type { Blueprint } from './blueprint.js';
import type { ReconcileContext } from './context.js';
import { waitForOthers } from './dependencies.js';
import { desiredOf, wantsContainers } from './desired.js';
import type { Course, Ingredients } from './desired.js';
import type { Look } from './look.js';
import { preflight } from './preflight/preflight.js';
import type { Preparation } from './preparation/prepare.js';
import { revealSecrets } from './preparation/reveal-secrets.js';
import type { Found } from './report.js';

/** What a pass knows before it plans. */
export type Known = Pick<Found, 'preparation' | 'wanted' | 'memory' | 'updates'>;

/** What is to be done, and what it is done with. */
export interface Planned extends Known {
  readonly actions: readonly Action[];
  readonly desired: Desired;
  /** What new containers are made from. */
  readonly blueprint: Blueprint | undefined;
  readonly secrets: Ingredients['secrets'];
}

/** What a plan is made from. */
export interface Planning {
  readonly module: Module;
  readonly course: Course;
  readonly look: Look;
  readonly known: Known;
}

/**
 * Plans what other modules leave to do: nothing is made before all that it needs is there, and what
 * stops waits for those that need it.
 */
function planInTurn(planning: Planning, context: ReconcileContext): Planned {
  const { module } = planning;
  const found = planWithSecrets(planning, context);
  const dependencyProblem = waitForOthers(module, found.actions, context);
  if (dependencyProblem === undefined) return found;
  const waiting = { ...found.preparation, dependencyProblem };
  if (!wantsContainers(module)) return { ...found, actions: [], preparation: waiting };
  return planWithSecrets(without(planning, waiting), context);
}

/**
 * Plans, and looks at the host before anything is made: while something stands in the way nothing is
 * created or replaced, and what runs is kept going.
 */
export async function planOnHost(planning: Planning, context: ReconcileContext): Promise<Planned> {
  const planned = planInTurn(planning, context);
  const { actions, preparation, blueprint } = planned;
  if (blueprint === undefined) return planned;
  const { template, imageId } = blueprint;
  const hostProblem = await preflight(
    { module: planning.module, template, imageId },
    actions,
    context,
  );
  if (hostProblem === undefined) return planned;
  return planInTurn(without(planning, { ...preparation, hostProblem }), context);
}

/**
 * Plans, and reads the secret values before anything is done: when they cannot be had nothing is
 * created or replaced. A pass that makes no container reads none: what it goes back to has the values
 * that it was made with.
 */
function planWithSecrets(planning: Planning, context: ReconcileContext): Planned {
  const { module, course, look, known } = planning;
  const { blueprint } = course;
  const desired = desiredOf(module, course, context.registry);
  const { actions } = plan(desired, look.containers, look.histories, context.clock.now());
  const found = { ...known, actions, desired, blueprint, secrets: NO_SECRETS };
  const makes = actions.some(({ kind }) => kind === 'createContainer');
  if (!makes || blueprint === undefined || blueprint.secrets === '') return found;
  const isWanted = known.wanted?.revision === blueprint.revision;
  const { values, problem } = revealSecrets(module, blueprint, context, isWanted);
  if (values !== undefined) return { ...found, secrets: values };
  return planWithSecrets(
    without(planning, { ...known.preparation, secretProblem: problem }),
    context,
  );
}

/** The same, with nothing that new containers could be made from. */
const without = (planning: Planning, preparation: Preparation): Planning => ({
  ...planning,
  course: { ...planning.course, blueprint: undefined },
  known: { ...planning.known, preparation },
});
