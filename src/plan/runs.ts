import type { ObservedContainer } from '../model/container.js';

/** A stretch of a log, in milliseconds since 1970; without an end where nothing is beyond it. */
export interface Stretch {
  readonly since?: number;
  readonly until?: number;
}

/** What is remembered of a container beside what the engine says of it. */
export interface RunMemory {
  /** Whether it ran before. */
  readonly hasRestarted: boolean;
  /** RFC 3339; when the run before the present one began, if that was seen. */
  readonly previousStartedAt: string | undefined;
}

/**
 * What a container writes can be a little older than its start in the engine's books. Half of the
 * shortest time that the engine waits between an end and the next start.
 */
const EARLY_MS = 50;

const timeOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Date.parse(text);

const isRunning = ({ state }: ObservedContainer): boolean =>
  state === 'running' || state === 'paused';

/** The log of the present run; of the last one when the container does not run. */
export function presentRun(container: ObservedContainer, memory: RunMemory): Stretch {
  const meeting = meetingOf(container);
  if (meeting !== undefined) return { since: meeting };
  const started = timeOf(container.startedAt);
  const isFirst = isRunning(container) || !memory.hasRestarted || started === undefined;
  return isFirst ? {} : { since: started - EARLY_MS };
}

/** The log of the last run that has ended; undefined when none has. */
export function endedRun(container: ObservedContainer, memory: RunMemory): Stretch | undefined {
  if (!isRunning(container)) {
    return container.finishedAt === undefined ? undefined : presentRun(container, memory);
  }
  const until = meetingOf(container);
  if (until === undefined) return undefined;
  const started = timeOf(memory.previousStartedAt);
  return started === undefined ? { until } : { since: started - EARLY_MS, until };
}

/**
 * A moment between the last run and the present one of a container that runs: when the engine gave
 * it a start, the end before that is what it still tells as the end.
 */
function meetingOf(container: ObservedContainer): number | undefined {
  const [started, finished] = [timeOf(container.startedAt), timeOf(container.finishedAt)];
  if (!isRunning(container) || started === undefined || finished === undefined) return undefined;
  return finished <= started ? (started + finished) / 2 : undefined;
}
