import { advance, targetOf } from '../../plan/rollout.js';
import type { RolloutMemory } from '../../plan/rollout.js';
import type { ReconcileContext } from '../context.js';
import type { Course } from '../desired.js';
import { keepReceipt } from './receipts.js';
import { findBlueprint, rolloutView } from './view.js';
import type { Bearing } from './view.js';

/** What follows from a memory, without moving on. */
export function courseOf(bearing: Bearing, context: ReconcileContext): Course {
  const view = rolloutView(bearing, context);
  const target = targetOf(bearing.memory, view);
  return {
    blueprint: target === undefined ? undefined : findBlueprint(bearing, target, context.registry),
    swap: view.swapTo(target ?? ''),
    reserve: bearing.memory.current,
  };
}

/** Takes what was seen into account, and keeps a receipt of a rollout that began or ended. */
export async function moveOn(bearing: Bearing, context: ReconcileContext): Promise<RolloutMemory> {
  const { module, memory: before, look } = bearing;
  const memory = advance(before, rolloutView(bearing, context));
  await keepReceipt(module, before, memory, look, context);
  return memory;
}
