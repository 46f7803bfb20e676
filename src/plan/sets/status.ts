import { timestamp } from '../../lib/clock.js';
import { findCondition, setConditions } from '../../model/conditions.js';
import type { NewCondition } from '../../model/conditions.js';
import type { InstanceStatus, ModuleSetStatus } from '../../model/module-set.js';
import { SET_LABEL } from '../../model/owner.js';
import { isReady } from './member.js';
import type { Member, Stage } from './member.js';
import type { SetInput } from './members.js';
import type { SetPlan } from './next.js';

/** What keeps a set from being as it is wanted, beside its modules. */
export interface Problem {
  /** One CamelCase word. */
  readonly reason: string;
  readonly message: string;
}

/**
 * The status that a look came to, as it is before the actions of its plan are taken. Without a plan
 * it cannot be told what the set stands for, so that what was said of its instances stays.
 */
export function setStatusOf(
  input: SetInput,
  plan: SetPlan | undefined,
  problem?: Problem,
): ModuleSetStatus {
  const { set, owned, now } = input;
  const { generation, name } = set.metadata;
  const instances = plan?.members.map(instanceOf) ?? [...set.status.instances];
  const conditions = conditionsOf(input, plan ?? EMPTY, problem);
  return {
    observedGeneration: generation,
    conditions: setConditions(
      set.status.conditions,
      conditions.map((condition) => ({ ...condition, observedGeneration: generation })),
      timestamp(now),
    ),
    replicas: owned.size,
    readyReplicas: instances.filter(({ ready }) => ready).length,
    updatedReplicas: instances.filter(({ updated }) => updated).length,
    selector: `${SET_LABEL}=${name}`,
    instances,
  };
}

const UNMADE: Partial<Record<Stage, string>> = { conflict: 'Conflict', missing: 'Missing' };

function instanceOf({ wanted, module, stage, memory }: Member): InstanceStatus {
  const revision = module?.status.currentRevision;
  return {
    name: wanted.instance,
    module: wanted.manifest.metadata.name,
    phase:
      UNMADE[stage] ??
      (stage === 'terminating' ? 'Terminating' : (module?.status.phase ?? 'Missing')),
    ready: module !== undefined && isReady(module),
    updated: isUpdated(stage),
    ...(revision === undefined ? {} : { revision }),
    ...memory,
  };
}

const isUpdated = (stage: Stage): boolean =>
  ['under-way', 'baking', 'done', 'failed', 'given-up'].includes(stage);

const EMPTY: SetPlan = { actions: [], members: [], stoppedBy: undefined, until: undefined };

type Condition = Omit<NewCondition, 'observedGeneration'>;

/** One sentence for all conditions of a set. */
interface Verdict {
  readonly ready: boolean;
  readonly progressing: boolean;
  /** Only a person can help. */
  readonly stalled: boolean;
  readonly reason: string;
  readonly message: string;
}

function conditionsOf(input: SetInput, plan: SetPlan, problem: Problem | undefined): Condition[] {
  const { ready, progressing, stalled, reason, message } = verdictOf(input, plan, problem);
  const said = { reason, message };
  return [
    { type: 'Ready', status: ready ? 'True' : 'False', ...said },
    { type: 'Progressing', status: progressing ? 'True' : 'False', ...said },
    ...(stalled ? [{ type: 'Stalled', status: 'True', ...said } as const] : []),
  ];
}

const NO: Pick<Verdict, 'ready' | 'progressing' | 'stalled'> = {
  ready: false,
  progressing: false,
  stalled: false,
};

function verdictOf(input: SetInput, plan: SetPlan, problem: Problem | undefined): Verdict {
  if (problem !== undefined) return { ...NO, stalled: true, ...problem };
  if (input.set.metadata.deletionTimestamp !== undefined) {
    const message = `The set is being deleted: ${countOf(input.owned.size)} left`;
    return { ...NO, progressing: true, reason: 'Terminating', message };
  }
  return stopped(plan) ?? conflicting(plan) ?? moving(input, plan) ?? standing(input, plan);
}

const countOf = (modules: number): string => `${modules} ${modules === 1 ? 'module' : 'modules'}`;

const nameOf = ({ wanted }: Member): string => `"${wanted.manifest.metadata.name}"`;

const at = ({ members }: SetPlan, ...stages: Stage[]): Member[] =>
  members.filter(({ stage }) => stages.includes(stage));

function stopped(plan: SetPlan): Verdict | undefined {
  const { stoppedBy } = plan;
  if (stoppedBy?.module === undefined) return undefined;
  const kept = at(plan, 'outdated').length;
  const message =
    `Module ${nameOf(stoppedBy)} failed with the changed template (${whyOf(stoppedBy)}); ` +
    `${countOf(kept)} ${kept === 1 ? 'stays' : 'stay'} as before: correct the template or set it back`;
  return { ...NO, stalled: true, reason: 'RolloutStopped', message };
}

/** What a module says of itself, without the full stop that it does not have. */
function whyOf({ module }: Member): string {
  const { conditions, phase } = module?.status ?? { conditions: [], phase: 'Missing' };
  return `${phase}: ${findCondition(conditions, 'Ready')?.message ?? 'not looked at yet'}`;
}

function conflicting(plan: SetPlan): Verdict | undefined {
  const [first, ...rest] = at(plan, 'conflict');
  if (first === undefined) return undefined;
  const more = rest.length === 0 ? '' : ` (and ${rest.length} more)`;
  const message = `Module ${nameOf(first)} exists and is not of this set${more}: name the instance otherwise or delete the module`;
  return { ...NO, stalled: true, reason: 'NameConflict', message };
}

function moving({ set }: SetInput, plan: SetPlan): Verdict | undefined {
  const outdated = at(plan, 'outdated').length;
  const onTheWay = at(plan, 'missing', 'terminating', 'under-way', 'baking');
  const total = plan.members.length;
  const updated = plan.members.filter(({ stage }) => isUpdated(stage)).length;
  const progress = `${updated} of ${countOf(total)} as the template says`;
  if (outdated > 0 && set.spec.rollout.paused) {
    return { ...NO, reason: 'Paused', message: `${progress}; the rollout is paused` };
  }
  const [first] = onTheWay;
  const waits = first === undefined ? '' : `; waiting for ${nameOf(first)}${baking(first)}`;
  const message = `${progress}${waits}`;
  if (outdated > 0) return { ...NO, progressing: true, reason: 'RollingOut', message };
  const isBaking = onTheWay.every(({ stage }) => stage === 'baking');
  if (onTheWay.length === 0 || isBaking) return undefined;
  return { ...NO, progressing: true, reason: 'Scaling', message };
}

const baking = ({ stage }: Member): string => (stage === 'baking' ? ' to stay well' : '');

/** All modules are as the template says. */
function standing({ owned }: SetInput, plan: SetPlan): Verdict {
  const total = countOf(plan.members.length);
  const [first] = at(plan, 'failed', 'given-up');
  if (first !== undefined) {
    const message = `Module ${nameOf(first)} is not well (${whyOf(first)})`;
    return { ...NO, reason: 'ModulesNotReady', message };
  }
  const suspended = plan.members.filter(({ module }) => module?.spec.suspend === true).length;
  if (suspended > 0) {
    return { ...NO, reason: 'Suspended', message: `${suspended} of ${total} suspended` };
  }
  const going = owned.size - plan.members.filter(({ module }) => module !== undefined).length;
  if (going > 0) {
    const message = `${total} ready; waiting for ${going} to go`;
    return { ...NO, ready: true, progressing: true, reason: 'Scaling', message };
  }
  return { ...NO, ready: true, reason: 'Converged', message: `${total} ready` };
}
