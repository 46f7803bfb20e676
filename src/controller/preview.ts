import { changesBetween } from '../lib/field-changes.js';
import type { ObservedContainer } from '../model/container.js';
import { draftOf } from '../model/draft.js';
import { templateOf } from '../model/revision.js';
import type { Module, ModuleManifest } from '../model/module.js';
import { describe, SYMBOLS } from '../plan/action.js';
import type { Action } from '../plan/action.js';
import { foresee } from '../plan/foresee.js';
import { advance } from '../plan/rollout.js';
import type { ReconcileContext } from './context.js';
import { blueprintOf } from './blueprint.js';
import type { Artifact, Blueprint } from './blueprint.js';
import { waitForOthers } from './dependencies.js';
import { desiredOf, wantsContainers } from './desired.js';
import type { Course } from './desired.js';
import { withEndpoints } from './endpoints.js';
import { courseOf } from './rollout/course.js';
import { rolloutMemory, rolloutView } from './rollout/view.js';
import type { Registry } from '../registry/registry.js';
import { foretellRelease } from './preparation/publish-stage.js';
import { isBuilt, knownCommit, recordedCommit } from './preparation/resolved-commit.js';
import { foreseeHost } from './preflight/foresee.js';
import { recordedImage, wantedReference } from './preparation/wanted-image.js';
import { secretNeeds } from './preparation/secret-use.js';
import type { SecretNeeds } from './preparation/secret-use.js';
import { outcomeText } from './outcome.js';
import type { Outcome } from './outcome.js';
import type { PlanPreview } from './operations.js';
import { historiesFrom } from './status.js';
import { asTaken } from './updates/followed.js';

/** Stands for a revision that cannot be known before the image is pulled. */
const UNKNOWN_REVISION = 'pending';

/** What applying a manifest would change and do, from what is known now. Does nothing. */
export async function preview(
  manifest: ModuleManifest,
  context: ReconcileContext,
): Promise<PlanPreview> {
  const { registry, observer, clock } = context;
  if (observer.engine.kind === 'away') throw observer.engine.error;
  const current = registry.get('Module', manifest.metadata.name)?.object;
  const stored = await propose(manifest, registry);
  const proposed = asTaken(stored);
  const needs = secretNeeds(proposed, context);
  const release = releaseProblem(proposed, registry);
  const artifact = await artifactOf(proposed, needs.hash ?? '', context);
  const containers = observer.containersOf(proposed.metadata.name);
  const mayRun = needs.problem === undefined && release === undefined;
  const wanted = mayRun ? wantedBy(proposed, artifact, context) : undefined;
  const look = { containers, histories: historiesFrom(proposed.status) };
  const bearing = { module: proposed, wanted, memory: rolloutMemory(proposed), look };
  const memory = advance(bearing.memory, rolloutView(bearing, context));
  const course = courseOf({ ...bearing, memory }, context);
  const planFor = (blueprint: Blueprint | undefined): readonly Action[] => {
    const desired = desiredOf(proposed, { ...course, blueprint }, registry);
    return foresee(desired, containers, look.histories, clock.now());
  };
  const planned = planFor(course.blueprint);
  const { clashes, cautions } = await foreseeHost(proposed, planned, context);
  const actions = clashes.length === 0 ? planned : planFor(undefined);
  const steps = actions.map((action) => ({
    ...{ symbol: SYMBOLS[action.kind], text: describe(action), because: action.because },
  }));
  return {
    actions: [
      ...preparationSteps(proposed, artifact, containers),
      ...waitSteps(proposed, needs),
      ...turnSteps(proposed, planned, context),
      ...releaseSteps(release),
      ...clashes.map(({ message }) => ({ symbol: '~', text: 'wait', because: message }) as const),
      ...steps,
    ],
    ...strategyOf(course, containers, actions),
    changes: current === undefined ? [] : changesBetween(current.spec, stored.spec, ['spec']),
    cautions,
  };
}

/** How containers change, when some of another revision are there and would be replaced. */
function strategyOf(
  { blueprint, swap: { order, because } }: Course,
  containers: readonly ObservedContainer[],
  actions: readonly Action[],
): Pick<PlanPreview, 'strategy'> {
  const replaces = actions.some(({ kind }) => kind === 'createContainer');
  const others = containers.some(({ owner }) => owner.revision !== blueprint?.revision);
  return replaces && others ? { strategy: { order, because } } : {};
}

/** The module as it would be stored. */
async function propose(manifest: ModuleManifest, registry: Registry): Promise<Module> {
  const { name } = manifest.metadata;
  const dryRun = true;
  const { stored } =
    registry.get('Module', name) === undefined
      ? await registry.create('Module', draftOf(manifest), { dryRun })
      : await registry.update('Module', name, (current) => draftOf(manifest, { current }), {
          dryRun,
        });
  return stored.object;
}

/** What would run; undefined when it has to be pulled or built first. */
async function artifactOf(
  module: Module,
  secrets: string,
  { runtime, registry }: Pick<ReconcileContext, 'runtime' | 'registry'>,
): Promise<Artifact | undefined> {
  const commit = isBuilt(module) ? knownCommit(module, registry)?.commit : '';
  const reference = wantedReference(module, commit, registry.instanceId);
  if (commit === undefined || reference === undefined) return undefined;
  const recorded = recordedImage(module, registry.instanceId);
  const imageId = recorded?.id ?? (await runtime.findImage(reference))?.id;
  return imageId === undefined ? undefined : { imageId, commit, secrets };
}

/** What would run; before the image is there its revision cannot be known. */
function wantedBy(
  module: Module,
  artifact: Artifact | undefined,
  { registry }: Pick<ReconcileContext, 'registry'>,
): Blueprint {
  const placed = withEndpoints(module, registry);
  if (artifact !== undefined) return blueprintOf(placed, artifact, registry.instanceId);
  const nothing = { imageId: '', commit: '', secrets: '', specHash: '' };
  return { ...nothing, revision: UNKNOWN_REVISION, template: templateOf(placed) };
}

/** Without the values that it needs a module gets no new containers. */
function waitSteps(module: Module, { problem }: SecretNeeds): PlanPreview['actions'] {
  if (problem === undefined || !wantsContainers(module)) return [];
  return [{ symbol: '~', text: 'wait for a Secret', because: outcomeText(problem).message }];
}

/** What new containers wait for of other modules. */
function turnSteps(
  module: Module,
  planned: readonly Action[],
  context: Pick<ReconcileContext, 'registry' | 'observer'>,
): PlanPreview['actions'] {
  const problem = waitForOthers(module, planned, context);
  if (problem === undefined) return [];
  return [{ symbol: '~', text: 'wait', because: outcomeText(problem).message }];
}

/** What keeps the version from being deployed; a branch that nobody looked up yet tells nothing. */
function releaseProblem(module: Module, registry: Registry): Outcome | undefined {
  if (!isBuilt(module) || !wantsContainers(module)) return undefined;
  const pin = module.spec.source?.commit ?? '';
  const commit = pin === '' ? knownCommit(module, registry)?.commit : pin;
  return commit === undefined ? undefined : foretellRelease(module, commit, registry);
}

const releaseSteps = (problem: Outcome | undefined): PlanPreview['actions'] =>
  problem === undefined
    ? []
    : [{ symbol: '~', text: 'wait for another version', because: outcomeText(problem).message }];

function preparationSteps(
  module: Module,
  artifact: Artifact | undefined,
  containers: readonly ObservedContainer[],
): PlanPreview['actions'] {
  if (artifact !== undefined || !wantsContainers(module)) return [];
  const { image, source } = module.spec;
  if (!isBuilt(module)) {
    const because = containers.length === 0 ? 'the engine does not hold it' : 'spec.image changed';
    return [{ symbol: '+', text: `pull image ${image}`, because }];
  }
  const known = recordedCommit(module);
  const where = `${source?.repoUrl ?? ''} ${source?.branch ?? ''}`;
  const build: PlanPreview['actions'][number] = {
    ...{ symbol: '+', text: 'build the image', because: 'the engine does not hold it' },
  };
  if (known !== undefined) return [build];
  const because = containers.length === 0 ? 'it is new' : 'spec.source or spec.version changed';
  return [{ symbol: '+', text: `fetch and verify ${where}`, because }, build];
}
