import type { ObservedContainer } from '../model/container.js';
import type { LastExit } from '../model/module-status.js';
import { crashDelayMs, HEALTHY_AFTER_MS } from './backoff.js';

/** What is remembered of a slot between two looks, so that a crash loop is one after a restart too. */
export interface SlotHistory {
  readonly slot: number;
  /** With the slot it is what this is about: for the time of a swap a slot has two containers. */
  readonly revision: string;
  /** Id of the container. */
  readonly id?: string;
  /** Restarts by the engine and by Registrar. */
  readonly restarts: number;
  /** How many of them the engine made since the last start by a call. */
  readonly engineRestarts: number;
  /** Exits and times of being unhealthy in a row, without ten minutes of running well between them. */
  readonly failures: number;
  /**
   * RFC 3339; when the container was last seen to be started, and the time before that. They are the
   * same when that run is over and the start that is to come is counted.
   */
  readonly startedAt?: string;
  readonly previousStartedAt?: string;
  readonly lastExit?: LastExit;
  /** RFC 3339; not started or restarted before. */
  readonly retryAt?: string;
  /** RFC 3339; since when it is ready without a break. */
  readonly readyAt?: string;
  /** Registrar stopped it: that it does not run is no failure. */
  readonly stopped?: true;
  /** RFC 3339; when its present run was first seen to be unhealthy. */
  readonly unhealthySince?: string;
}

/** Of a revision in a slot nothing is known yet. */
export function newHistory(slot: number, revision: string): SlotHistory {
  return { slot, revision, restarts: 0, engineRestarts: 0, failures: 0 };
}

/** What is remembered of a revision in a slot, if anything. */
export function historyOf(
  histories: readonly SlotHistory[],
  { slot, revision }: Pick<SlotHistory, 'slot' | 'revision'>,
): SlotHistory | undefined {
  return histories.find((one) => one.slot === slot && one.revision === revision);
}

/** When something is looked at, in milliseconds since 1970. */
export interface LookTimes {
  readonly now: number;
  /** Since when containers can be seen; what took one down before that may have been the engine. */
  readonly seenSince: number;
}

/** The history after a look at the slot's container. */
export function observeSlot(
  history: SlotHistory,
  container: ObservedContainer,
  times: LookTimes,
): SlotHistory {
  const { stopped: _over, ...running } = history;
  const known = container.state === 'running' ? running : history;
  const counted = countEngineRestarts(noteStart(known, container), container);
  const judged = countExit(counted, container, times, history.engineRestarts);
  return calm(judged, container, times.now);
}

/**
 * The history after Registrar started a container that was there already. It is a restart, unless
 * nobody ever started that one: a daemon that died in between had made it.
 */
export function countStart({ stopped: _over, startedAt, ...history }: SlotHistory): SlotHistory {
  const { previousStartedAt = startedAt, restarts } = history;
  const wasStarted = previousStartedAt !== undefined || startFailureOf(history) !== undefined;
  return {
    ...history,
    ...(startedAt !== undefined && { previousStartedAt: startedAt }),
    ...{ restarts: restarts + (wasStarted ? 1 : 0), engineRestarts: 0 },
  };
}

/** The history after Registrar stopped the container for another one. */
export const noteStop = (history: SlotHistory): SlotHistory => ({ ...history, stopped: true });

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

/**
 * A log goes on from one run of a container to the next: where they meet is known from this. A start
 * that nobody here made is counted: an engine that comes up tells no number of it.
 */
function noteStart(history: SlotHistory, container: ObservedContainer): SlotHistory {
  const { id, startedAt } = container;
  const isSame = history.id === id;
  const { startedAt: seen, previousStartedAt: earlier } = history;
  if (isSame && seen === startedAt) return history;
  // Registrar started it, and what is seen is from before.
  if (isSame && seen === undefined && startedAt === earlier) return history;
  const { startedAt: _seen, previousStartedAt: _earlier, ...run } = history;
  const { unhealthySince: _ill, readyAt: _ready, ...rest } = run;
  const before = isSame ? (seen ?? earlier) : undefined;
  const isAwaited = seen === undefined || seen === earlier;
  const isCounted = !isSame || isAwaited || container.restartCount > rest.engineRestarts;
  return {
    ...rest,
    ...(startedAt !== undefined && { startedAt }),
    ...(before !== undefined && { previousStartedAt: before }),
    restarts: history.restarts + (isCounted ? 0 : 1),
  };
}

/** A restart that the engine is about to make is in its number already: the run that is known is over. */
function countEngineRestarts(history: SlotHistory, container: ObservedContainer): SlotHistory {
  const { id, restartCount, state } = container;
  const more = Math.max(0, restartCount - history.engineRestarts);
  const { startedAt } = history;
  return {
    ...history,
    ...(state === 'restarting' && startedAt !== undefined && { previousStartedAt: startedAt }),
    ...{ id, restarts: history.restarts + more, engineRestarts: restartCount },
  };
}

function countExit(
  history: SlotHistory,
  container: ObservedContainer,
  { now, seenSince }: LookTimes,
  engineRestarts: number,
): SlotHistory {
  const exit = exitOf(container, now);
  if (exit === undefined || isRecorded(history, container, exit)) return history;
  if (history.stopped) return { ...history, lastExit: { ...exit, reason: 'Stopped' } };
  const isUnseen = Date.parse(exit.at) < seenSince && container.restartCount <= engineRestarts;
  if (isUnseen) return { ...history, lastExit: exit };
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

/** After ten minutes of running, and running well, the crash loop is over. */
function calm(history: SlotHistory, container: ObservedContainer, now: number): SlotHistory {
  if (container.state !== 'running' || container.startedAt === undefined) return history;
  if (now - Date.parse(container.startedAt) < HEALTHY_AFTER_MS) return history;
  if (container.health === 'unhealthy' || container.health === 'starting') return history;
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

/**
 * What the last run of a container ended with, as far as one ended: the engine calls it 0 while a
 * container that it started again runs.
 */
export function lastExitCode(
  { state, exitCode }: Pick<ObservedContainer, 'state' | 'exitCode'>,
  history: Pick<SlotHistory, 'lastExit'> | undefined,
): number {
  return state === 'running' ? (history?.lastExit?.code ?? exitCode) : exitCode;
}
