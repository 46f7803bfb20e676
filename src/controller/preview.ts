import { changesBetween } from '../lib/field-changes.js';
import type { ObservedContainer } from '../model/container.js';
import { draftOf } from '../model/draft.js';
import { limitsOf } from '../model/limits.js';
import type { Module, ModuleManifest } from '../model/module.js';
import { describe, SYMBOLS } from '../plan/action.js';
import type { Desired } from '../plan/desired.js';
import { plan } from '../plan/plan.js';
import type { ReconcileContext } from './context.js';
import { desiredOf, wantsContainers } from './desired.js';
import type { Registry } from '../registry/registry.js';
import { recordedImage } from './image.js';
import type { PlanPreview } from './operations.js';
import { historiesFrom } from './status.js';

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
  const proposed = await propose(manifest, registry);
  const imageId = await imageIdOf(proposed, context);
  const containers = observer.containersOf(proposed.metadata.name);
  const { actions } = plan(
    desiredFor(proposed, imageId, registry.instanceId),
    containers,
    historiesFrom(proposed.status),
    clock.now(),
  );
  const steps = actions.map((action) => ({
    ...{ symbol: SYMBOLS[action.kind], text: describe(action), because: action.because },
  }));
  return {
    actions: [...pullStep(proposed, imageId, containers), ...steps],
    changes: current === undefined ? [] : changesBetween(current.spec, proposed.spec, ['spec']),
  };
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

/** Id of the image that would run; undefined when it has to be pulled first. */
async function imageIdOf(
  module: Module,
  { runtime }: Pick<ReconcileContext, 'runtime'>,
): Promise<string | undefined> {
  return recordedImage(module)?.id ?? (await runtime.findImage(module.spec.image))?.id;
}

function desiredFor(module: Module, imageId: string | undefined, instance: string): Desired {
  const desired = desiredOf(module, imageId, instance);
  if (desired.target !== undefined) return desired;
  const limits = limitsOf(module.spec.resources);
  return { ...desired, target: { revision: UNKNOWN_REVISION, limits } };
}

function pullStep(
  module: Module,
  imageId: string | undefined,
  containers: readonly ObservedContainer[],
): PlanPreview['actions'] {
  if (imageId !== undefined || !wantsContainers(module)) return [];
  const because = containers.length === 0 ? 'the engine does not hold it' : 'spec.image changed';
  return [{ symbol: '+', text: `pull image ${module.spec.image}`, because }];
}
