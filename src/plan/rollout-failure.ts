import type { ObservedContainer } from '../model/container.js';
import type { RolloutStatus } from '../model/rollout.js';
import { stoppedReason } from './drift.js';
import { startFailureOf } from './history.js';
import { illnessOf } from './illness.js';
import { isReadyIn, memoryOf } from './situation.js';
import type { RolloutView } from './rollout.js';

/** Why a rollout does not go on. */
export interface Failure {
  /** CamelCase, as in conditions. */
  readonly reason: string;
  readonly message: string;
}

/** Exits in a row that are not an accident: the first may have an outside cause. */
const EXITS = 2;

type Sign = (container: ObservedContainer, view: RolloutView) => Failure | undefined;

/** Signs that a new container will not become ready. */
const SIGNS: readonly Sign[] = [
  (container, view) => {
    const history = memoryOf(container, view);
    const refusal = history && startFailureOf(history);
    return (
      refusal && { reason: refusal.reason, message: refusal.message ?? 'it cannot be started' }
    );
  },
  (container, view) => {
    return isOut(container, view)
      ? { reason: 'Crashed', message: stoppedReason(container) }
      : undefined;
  },
  (container) => illnessOf(container),
];

/** The engine's own tries count from the second exit on, not only when it gives up. */
function isOut(container: ObservedContainer, view: RolloutView): boolean {
  const { state, restartCount } = container;
  if (state === 'restarting') return restartCount >= EXITS;
  return state !== 'running' && (memoryOf(container, view)?.failures ?? 0) >= EXITS;
}

/** Why a rollout has failed, undefined while it may still succeed. */
export function failureOf(rollout: RolloutStatus, view: RolloutView): Failure | undefined {
  const unready = view.containers.filter(
    (one) => one.owner.revision === rollout.to && !isReadyIn(one, view),
  );
  for (const container of unready) {
    const [found] = SIGNS.flatMap((sign) => sign(container, view) ?? []);
    if (found !== undefined) return { ...found, message: `${container.name}: ${found.message}` };
  }
  return view.now < deadlineOf(rollout, view) ? undefined : late(rollout, view);
}

/**
 * When a rollout without progress has failed; milliseconds since 1970. As long as nothing was made,
 * which waits for other things, no time of it passes.
 */
export function deadlineOf(
  { to, progressedAt }: Pick<RolloutStatus, 'to' | 'progressedAt'>,
  { containers, seenSince, deadlineMs, now }: RolloutView,
): number {
  const made = containers
    .filter(({ owner }) => owner.revision === to)
    .map(({ createdAt }) => Date.parse(createdAt));
  if (made.length === 0) return Infinity;
  // Later than now is what was noted before the clock was set back.
  const known = [Date.parse(progressedAt), Math.min(...made)].filter((time) => time <= now);
  return Math.max(seenSince, ...known) + deadlineMs;
}

const late = ({ ready }: RolloutStatus, { replicas, deadlineMs }: RolloutView): Failure => ({
  reason: 'DeadlineExceeded',
  message: `${ready} of ${replicas} containers are ready, and for ${deadlineMs / 1000} s no other became so`,
});
