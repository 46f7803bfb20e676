import type { Module } from '../../model/module.js';
import { ROLLOUT_PAUSED_ANNOTATION } from '../../model/names.js';
import { liftedAt, undoOf } from '../../model/rollout-wishes.js';
import { swapOf } from '../../plan/coexistence.js';
import type { Swap } from '../../plan/desired.js';
import type { RolloutMemory, RolloutView } from '../../plan/rollout.js';
import { recordedBlueprint } from '../blueprint.js';
import type { Blueprint } from '../blueprint.js';
import type { ReconcileContext } from '../context.js';
import { wantsContainers } from '../desired.js';
import type { Look } from '../look.js';

/** What the status remembers of rollouts. */
export const rolloutMemory = ({ status }: Pick<Module, 'status'>): RolloutMemory => ({
  current: status.currentRevision,
  rollout: status.rollout,
  quarantined: status.quarantined ?? [],
});

type Context = Pick<ReconcileContext, 'registry' | 'clock' | 'seenSince'>;

/** How a module stands between two revisions. */
export interface Bearing {
  readonly module: Module;
  /** What its spec asks for; undefined while that may not run. */
  readonly wanted: Blueprint | undefined;
  readonly memory: RolloutMemory;
  readonly look: Look;
}

/** What decides how the rollout of a module goes on. */
export function rolloutView(
  bearing: Bearing,
  { registry, clock, seenSince }: Context,
): RolloutView {
  const { module, wanted } = bearing;
  const { containers, histories } = bearing.look;
  const { strategy, replicas } = module.spec;
  const annotations = module.metadata.annotations ?? {};
  const find = (revision: string): Blueprint | undefined =>
    findBlueprint(bearing, revision, registry);
  return {
    wanted: wanted?.revision,
    replicas: wantsContainers(module) ? replicas : 0,
    ...{ containers, histories },
    swapTo: (revision) => swapTo(bearing, find, revision),
    isPaused: isPaused(module),
    deadlineMs: strategy.progressDeadlineSeconds * 1000,
    autoRollback: strategy.autoRollback,
    undo: undoOf(annotations),
    liftedAt: liftedAt(annotations),
    isKnown: (revision) => find(revision) !== undefined,
    seenSince: seenSince(),
    now: clock.now(),
  };
}

/** What a revision is made from: as the spec says, or as it was recorded. */
export function findBlueprint(
  { module, wanted }: Pick<Bearing, 'module' | 'wanted'>,
  revision: string,
  registry: ReconcileContext['registry'],
): Blueprint | undefined {
  return wanted?.revision === revision
    ? wanted
    : recordedBlueprint(module.metadata.name, revision, registry);
}

const isPaused = ({ metadata }: Module): boolean =>
  metadata.annotations?.[ROLLOUT_PAUSED_ANNOTATION] === 'true';

function swapTo(
  { module, memory: { current, rollout } }: Pick<Bearing, 'module' | 'memory'>,
  find: (revision: string) => Blueprint | undefined,
  revision: string,
): Swap {
  const { strategy, replicas } = module.spec;
  const other = current === revision ? rollout?.to : current;
  const before = other === undefined ? undefined : find(other)?.template;
  const after = find(revision)?.template;
  return swapOf({ strategy, replicas, before, after, isPaused: isPaused(module) });
}
