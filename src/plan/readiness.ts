import type { ObservedContainer } from '../model/container.js';
import { startFailureOf } from './history.js';
import type { SlotHistory } from './history.js';

/**
 * A container that keeps exiting is not called ready until it has run this long, so that the status
 * does not flap with every try. The engine resets its own restart delay after the same time.
 */
const PROVING_MS = 10_000;

/** Milliseconds until a container that has exited before counts as running, 0 when it does. */
export function provingMs(
  container: ObservedContainer,
  history: SlotHistory | undefined,
  now: number,
): number {
  if (history === undefined || container.startedAt === undefined) return 0;
  // One that could not be started has not shown that it does not stay up.
  const exited = startFailureOf(history) === undefined && history.failures > 1;
  if (!exited && history.engineRestarts === 0) return 0;
  const ranMs = now - Date.parse(container.startedAt);
  // One that starts later than now was started before the clock was set back.
  return ranMs < 0 ? 0 : Math.max(0, PROVING_MS - ranMs);
}

/** True when a container runs, is healthy as far as it is checked, and stays up. */
export function isReady(
  container: ObservedContainer,
  history: SlotHistory | undefined,
  now: number,
): boolean {
  const { state, health } = container;
  const well = health === 'none' || health === 'healthy';
  return state === 'running' && well && provingMs(container, history, now) === 0;
}

/** Since when a container is ready without a break, in milliseconds; undefined when it is not. */
export function readySince(
  container: ObservedContainer,
  history: SlotHistory | undefined,
  now: number,
): number | undefined {
  if (!isReady(container, history, now)) return undefined;
  return history?.readyAt === undefined ? now : Math.min(now, Date.parse(history.readyAt));
}

/** The history, with the time since when the container is ready. */
export function noteReady(
  history: SlotHistory,
  container: ObservedContainer,
  now: number,
): SlotHistory {
  const { readyAt: _before, ...rest } = history;
  const since = readySince(container, history, now);
  return since === undefined ? rest : { ...rest, readyAt: new Date(since).toISOString() };
}
