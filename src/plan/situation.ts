import type { ObservedContainer } from '../model/container.js';
import type { Desired } from './desired.js';
import { historyOf } from './history.js';
import type { SlotHistory } from './history.js';
import { isReady, readySince } from './readiness.js';

/** What every part of a plan is made from. */
export interface Situation {
  readonly desired: Desired;
  readonly histories: readonly SlotHistory[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What is remembered of a container. */
export const memoryOf = (
  { owner }: ObservedContainer,
  { histories }: Pick<Situation, 'histories'>,
): SlotHistory | undefined => historyOf(histories, owner);

/** True when a container runs, is healthy as far as it is checked, and stays up. */
export const isReadyIn = (container: ObservedContainer, situation: Omit<Situation, 'desired'>) =>
  isReady(container, memoryOf(container, situation), situation.now);

/** True when a container is ready for so long that it counts. */
export function isSettled(
  container: ObservedContainer,
  situation: Omit<Situation, 'desired'>,
  minReadyMs: number,
): boolean {
  const until = settlesAt(container, situation, minReadyMs);
  return until !== undefined && until <= situation.now;
}

/** When a ready container counts, if it stays so; undefined for one that is not ready. */
export function settlesAt(
  container: ObservedContainer,
  situation: Omit<Situation, 'desired'>,
  minReadyMs: number,
): number | undefined {
  const since = readySince(container, memoryOf(container, situation), situation.now);
  return since === undefined ? undefined : since + minReadyMs;
}
