import { pino } from 'pino';
import type { Log } from '../../src/lib/log.js';

/** A log whose lines a test can read. */
export interface ReadableLog {
  readonly log: Log;
  /** Every line so far, as JSON. */
  readonly text: () => string;
}

export function readableLog(level = 'info'): ReadableLog {
  const lines: string[] = [];
  const log = pino({ level }, { write: (line: string) => void lines.push(line) });
  return { log, text: () => lines.join('') };
}
