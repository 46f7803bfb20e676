import { findCondition } from '../../model/conditions.js';
import type { NewCondition } from '../../model/conditions.js';
import type { Module } from '../../model/module.js';
import { memoryOf } from '../../model/updates-memory.js';
import type { UpdatesStatus } from '../../model/updates-status.js';
import type { ReconcileContext } from '../context.js';
import { wantsContainers } from '../desired.js';
import { NOTHING, prepare } from '../preparation/prepare.js';
import type { Preparation } from '../preparation/prepare.js';
import { working } from '../preparation/stage.js';
import { follow } from './follow.js';
import { asTaken, followedOf } from './followed.js';
import { endAside, takeUp } from './take-up.js';

/** What following says in the status. */
export interface Updates {
  readonly memory: UpdatesStatus | undefined;
  readonly condition?: Omit<NewCondition, 'observedGeneration'>;
  /** When time alone will change it, in milliseconds from now. */
  readonly lookAgainMs?: number;
}

/** What a module is to run now, following taken into account. */
export interface Wanted {
  /** As if its spec said what was taken up. */
  readonly module: Module;
  readonly preparation: Preparation;
  readonly updates: Updates;
}

/** What following said last, while it cannot go on. */
export function updatesAsKnown(module: Module): Updates {
  const memory = memoryOf(module);
  const condition = findCondition(module.status.conditions, 'UpToDate');
  if (condition === undefined || followedOf(module) === undefined) return { memory };
  const { status, reason, message } = condition;
  return { memory, condition: { type: 'UpToDate', status, reason, message } };
}

/**
 * Prepares what a module runs. A candidate of what is followed is prepared beside it, and takes its
 * place only once it is verified, there, and may be taken up: until then what runs stays wanted.
 */
export async function prepareWanted(stored: Module, context: ReconcileContext): Promise<Wanted> {
  const followed = followedOf(stored);
  if (followed === undefined || !wantsContainers(stored)) {
    endUpdates(stored.metadata.name, context);
    const module = asTaken(stored);
    const preparation = await prepare(module, context);
    return { module, preparation, updates: updatesAsKnown(stored) };
  }
  const { memory, problem } = follow(stored, followed, context);
  const isKnown = followed.kind !== 'branch' || memory?.current !== undefined;
  if (memory === undefined || !isKnown) {
    const verificationProblem = problem ?? working('Verifying', `Looking up ${followed.text}`);
    return {
      module: stored,
      preparation: { ...NOTHING, verificationProblem },
      updates: { memory },
    };
  }
  const module = asTaken(stored, memory);
  const preparation = await prepare(module, context);
  return takeUp({ stored, current: { module, preparation }, memory }, context);
}

type Parts = Pick<ReconcileContext, 'looks' | 'aside' | 'hints' | 'gates' | 'begun'>;

/** Ends what goes on for a module that follows nothing, or is gone. */
export function endUpdates(name: string, context: Parts): void {
  context.looks.cancel(name);
  context.hints.delete(name);
  context.begun.delete(name);
  endAside(name, context);
}
