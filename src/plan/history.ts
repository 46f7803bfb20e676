import type { ObservedContainer } from '../model/container.js';
import type { LastExit } from '../model/module.js';
import { crashDelayMs, HEALTHY_AFTER_MS } from './backoff.js';

/** What is remembered of a slot between two looks, so that a crash loop is one after a restart too. */
export interface SlotHistory {
  readonly slot: number;
  /** Id of the container this is about. */
  readonly id?: string;
  readonly revision?: string;
  /** Restarts by the engine and by Registrar. */
  readonly restarts: number;
  /** How many of them the engine made since the last start by a call. */
  readonly engineRestarts: number;
  /** Exits in a row without ten minutes of running between them. */
  readonly failures: number;
  /** RFC 3339; when the container was last seen to be started, and the time before that. */
  readonly startedAt?: string;
  readonly previousStartedAt?: string;
  readonly lastExit?: LastExit;
  /** RFC 3339; not started before. */
  readonly retryAt?: string;
}

/** A slot of which nothing is known yet. */
export function newHistory(slot: number): SlotHistory {
  return { slot, restarts: 0, engineRestarts: 0, failures: 0 };
}

/** The history after a look at the slot's container. `now` in milliseconds. */
export function observeSlot(
  history: SlotHistory,
  container: ObservedContainer,
  now: number,
): SlotHistory {
  const known = sameRevision(history, container) ? history : newHistory(history.slot);
  const counted = countEngineRestarts(noteStart(known, container), container);
  return calm(countExit(counted, container, now), container, now);
}

/** The history after Registrar started the slot's container again. */
export function countRestart(history: SlotHistory): SlotHistory {
  return { ...history, restarts: history.restarts + 1, engineRestarts: 0 };
}

/** Reasons of a last exit that was none: the container could not be started. */
const START_FAILURES: ReadonlySet<string> = new Set(['StartFailed', 'PortConflict']);

/** The history after the engine refused to start the slot's container. `now` in milliseconds. */
export function countStartFailure(
  history: SlotHistory,
  { reason, message }: { readonly reason: string; readonly message: string },
  now: number,
): SlotHistory {
  const at = new Date(now).toISOString();
  return fail(history, { code: 128, reason, message, at }, 2);
}

/** Why the slot's container could not be started, if that is the last that is known of it. */
export function startFailureOf({ lastExit }: SlotHistory): LastExit | undefined {
  return START_FAILURES.has(lastExit?.reason ?? '') ? lastExit : undefined;
}

function sameRevision(history: SlotHistory, container: ObservedContainer): boolean {
  return history.revision === undefined || history.revision === container.owner.revision;
}

/** A log goes on from one run of a container to the next: where they meet is known from this. */
function noteStart(history: SlotHistory, { id, startedAt }: ObservedContainer): SlotHistory {
  const { startedAt: seen, previousStartedAt: earlier, ...rest } = history;
  const isSame = history.id === id;
  const before = isSame && seen !== startedAt ? seen : isSame ? earlier : undefined;
  return {
    ...rest,
    ...(startedAt !== undefined && { startedAt }),
    ...(before !== undefined && { previousStartedAt: before }),
  };
}

function countEngineRestarts(history: SlotHistory, container: ObservedContainer): SlotHistory {
  const { restartCount } = container;
  const more = Math.max(0, restartCount - history.engineRestarts);
  return {
    ...history,
    id: container.id,
    revision: container.owner.revision,
    restarts: history.restarts + more,
    engineRestarts: restartCount,
  };
}

function countExit(history: SlotHistory, container: ObservedContainer, now: number): SlotHistory {
  const exit = exitOf(container, now);
  if (exit === undefined || isRecorded(history, container, exit)) return history;
  const ranLong = ranForMs(container) >= HEALTHY_AFTER_MS;
  // The engine has already tried again by itself, so this is not the first exit in a row.
  const weight = container.restartCount > 0 ? 2 : 1;
  return fail(ranLong ? { ...history, failures: 0 } : history, exit, weight);
}

function isRecorded(history: SlotHistory, container: ObservedContainer, exit: LastExit): boolean {
  // The engine keeps the time of the last run when it cannot start the container again.
  if (container.error !== '') return startFailureOf(history) !== undefined;
  return history.lastExit?.at === exit.at;
}

/** After ten minutes of running the crash loop is over. */
function calm(history: SlotHistory, container: ObservedContainer, now: number): SlotHistory {
  if (container.state !== 'running' || container.startedAt === undefined) return history;
  if (now - Date.parse(container.startedAt) < HEALTHY_AFTER_MS) return history;
  const { retryAt: _over, ...rest } = history;
  return { ...rest, failures: 0 };
}

function fail(history: SlotHistory, lastExit: LastExit, weight: number): SlotHistory {
  const failures = history.failures + weight;
  const { retryAt: _old, ...rest } = history;
  const delay = crashDelayMs(failures);
  const due = new Date(Date.parse(lastExit.at) + delay).toISOString();
  return { ...rest, failures, lastExit, ...(delay === 0 ? {} : { retryAt: due }) };
}

function exitOf(container: ObservedContainer, now: number): LastExit | undefined {
  const { state, exitCode: code, finishedAt, error } = container;
  if ((state === 'created' || state === 'exited') && error !== '') {
    return { code, reason: 'StartFailed', message: error, at: new Date(now).toISOString() };
  }
  if (state !== 'exited' || finishedAt === undefined) return undefined;
  return { code, reason: exitReason(container), at: finishedAt };
}

function exitReason({ oomKilled, exitCode }: ObservedContainer): string {
  if (oomKilled) return 'OOMKilled';
  return exitCode === 0 ? 'Completed' : 'Error';
}

function ranForMs({ startedAt, finishedAt }: ObservedContainer): number {
  if (startedAt === undefined || finishedAt === undefined) return 0;
  return Date.parse(finishedAt) - Date.parse(startedAt);
}
