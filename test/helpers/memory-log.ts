import type { LogOptions } from '../../src/docker/runtime.js';

/** A line of a container's output. */
export interface Line {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly text: string;
}

/** The lines that a log call asks for, as text. */
export function selectLines(log: readonly Line[], options: LogOptions): string[] {
  const { tail, sinceTime = 0, untilTime = Infinity, timestamps } = options;
  const inTime = log.filter(({ at }) => at >= sinceTime && at <= untilTime);
  const last = tail === undefined ? inTime : inTime.slice(Math.max(0, inTime.length - tail));
  return last.map(({ at, text }) => `${timestamps === true ? stamp(at) : ''}${text}\n`);
}

const stamp = (at: number): string => new Date(at).toISOString().replace('Z', '000000Z ');
