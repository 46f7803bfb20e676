import { pino } from 'pino';
import type { Logger } from 'pino';

/** Structured log: a constant message, the values as fields. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** JSON lines on standard error, so that standard output stays for results. */
export function createLog(level: string): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
}

/** Says nothing; for code that runs without a daemon. */
export const silentLog: Log = pino({ level: 'silent' });
