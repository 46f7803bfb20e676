import type { Module } from '../model/module.js';
import { act, outcomeOfError } from './act.js';
import { assess } from './assess.js';
import { blueprintOf } from './blueprint.js';
import type { Blueprint } from './blueprint.js';
import type { ReconcileContext } from './context.js';
import { waitToBegin } from './dependencies.js';
import { desiredOf, wantsContainers } from './desired.js';
import { withEndpoints } from './endpoints.js';
import { finish, forgetModule } from './let-go.js';
import { heldByRestore } from './restored.js';
import { lookAt } from './look.js';
import type { Look } from './look.js';
import { lookAgainWithin } from './outcome.js';
import type { Outcome } from './outcome.js';
import { planOnHost } from './planning.js';
import type { Known } from './planning.js';
import { problemOf, whatIsRecorded } from './preparation/prepare.js';
import type { Preparation } from './preparation/prepare.js';
import { rememberedOf, report } from './report.js';
import type { Found } from './report.js';
import { recordRevision } from './revisions.js';
import { courseOf, moveOn } from './rollout/course.js';
import { rolloutOutcome } from './rollout/outcome.js';
import { rolloutView } from './rollout/view.js';
import { asTaken } from './updates/followed.js';
import { prepareWanted, updatesAsKnown } from './updates/wanted.js';

/**
 * One pass for one module: read, observe, prepare, plan, execute, status. Level-based: it depends on
 * what is, not on what woke it, and repeating it is harmless.
 */
export async function reconcile(name: string, context: ReconcileContext): Promise<Outcome> {
  const module = context.registry.get('Module', name)?.object;
  if (module === undefined) return forgetModule(name, context);
  if (context.observer.engine.kind !== 'seen') return waitForEngine(module, context);
  const hold = heldByRestore(module, context);
  return hold === undefined ? converge(module, context) : standBy(module, hold, context);
}

async function converge(stored: Module, context: ReconcileContext): Promise<Outcome> {
  const { module, updates, ...prepared } = await prepareWanted(stored, context);
  const remembered = rememberedOf(module, context);
  const before = lookAt(module, context, remembered.histories);
  const { wanted, preparation } = wantedInTurn(
    module,
    prepared.preparation,
    { ...before, memory: remembered.memory },
    context,
  );
  if (wanted !== undefined && preparation.image !== undefined && wantsContainers(module)) {
    const { image, report: verified } = preparation;
    await recordRevision(module, wanted, { image, report: verified }, context.registry);
  }
  const begun = await moveOn({ module, wanted, memory: remembered.memory, look: before }, context);
  const course = courseOf({ module, wanted, memory: begun, look: before }, context);
  const known = { preparation, wanted, memory: begun, updates };
  const { actions, secrets, blueprint, ...found } = await planOnHost(
    { module, course, look: before, known },
    context,
  );
  const { look, error, doubt } = await act(
    module,
    actions,
    { ...found, ...before, blueprint, secrets },
    context,
  );
  if (isDeleted(module) && look.containers.length === 0) return finish(module, context);
  const failure = doubt ?? (await outcomeOfError(module, error, context));
  const problem = wantsContainers(module)
    ? problemOf(found.preparation)
    : found.preparation.dependencyProblem;
  const memory = await moveOn({ module, wanted, memory: begun, look }, context);
  const settledAs = failure ?? problem ?? settled(module, { ...found, memory }, look, context);
  const outcome = lookAgainWithin(settledAs, updates.lookAgainMs);
  return conclude(module, context, { ...found, ...look, memory, outcome });
}

/** What the spec asks for, as far as it may run. */
const wantedBy = (
  module: Module,
  { artifact }: Preparation,
  { registry }: ReconcileContext,
): Blueprint | undefined =>
  artifact && blueprintOf(withEndpoints(module, registry), artifact, registry.instanceId);

/** The same, once the modules are there that it needs; what failed before is told all the same. */
function wantedInTurn(
  module: Module,
  preparation: Preparation,
  { containers, memory }: Pick<Look, 'containers'> & Pick<Found, 'memory'>,
  context: ReconcileContext,
): Pick<Known, 'wanted' | 'preparation'> {
  const wanted = wantedBy(module, preparation, context);
  const hasFailed = memory.quarantined.some(({ revision }) => revision === wanted?.revision);
  const problem =
    wanted === undefined || hasFailed
      ? undefined
      : waitToBegin(module, wanted, containers, context);
  if (problem === undefined) return { wanted, preparation };
  return { wanted: undefined, preparation: { ...preparation, dependencyProblem: problem } };
}

/** What the containers come to, when nothing went wrong on the way. */
function settled(
  module: Module,
  { desired, wanted, memory }: Pick<Found, 'desired' | 'wanted' | 'memory'>,
  look: Look,
  context: ReconcileContext,
): Outcome {
  const view = rolloutView({ module, wanted, memory, look }, context);
  return rolloutOutcome(assess(desired, look, view.now), desired, memory, view);
}

/** Reports, and comes back when the store could not take it. */
async function conclude(module: Module, context: ReconcileContext, found: Found): Promise<Outcome> {
  const error = await report(module, context, found);
  return error === undefined ? found.outcome : { kind: 'failed', error };
}

const isDeleted = ({ metadata }: Module): boolean => metadata.deletionTimestamp !== undefined;

/** Without sight of the engine nothing is done. */
function waitForEngine(module: Module, context: ReconcileContext): Promise<Outcome> {
  const { engine } = context.observer;
  const outcome: Outcome = {
    kind: 'waiting',
    reason: engine.kind === 'away' ? engine.error.reason : 'EngineUnavailable',
    message: engine.kind === 'away' ? engine.error.message : 'The engine was not seen yet',
  };
  return standBy(module, outcome, context);
}

/** A pass that does nothing, and claims nothing but why. */
async function standBy(
  stored: Module,
  outcome: Outcome,
  context: ReconcileContext,
): Promise<Outcome> {
  const module = asTaken(stored);
  const preparation = await whatIsRecorded(module, context);
  const { histories, memory } = rememberedOf(module, context);
  const wanted = wantedBy(module, preparation, context);
  const look = { histories, containers: context.observer.containersOf(module.metadata.name) };
  const course = courseOf({ module, wanted, memory, look }, context);
  const desired = desiredOf(module, course, context.registry);
  const updates = updatesAsKnown(stored);
  return conclude(module, context, {
    ...{ ...look, outcome, preparation, desired, wanted, memory, updates },
  });
}
