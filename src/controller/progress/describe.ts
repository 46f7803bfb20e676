import { timestamp } from '../../lib/clock.js';
import { printable } from '../../lib/printable.js';
import type { ProgressCheck } from '../../model/module.js';

/** Longest pattern, path or field that a message repeats. */
const MAX_SHOWN = 80;

const quoted = (text: string): string => `"${printable(text, MAX_SHOWN)}"`;

function whatStands({ http, file, logPattern }: ProgressCheck): string {
  if (http !== undefined) {
    const where = `:${http.port}${printable(http.path, MAX_SHOWN)}`;
    return `field ${quoted(http.field)} of ${where} has not changed`;
  }
  if (file !== undefined) return `file ${quoted(file)} was not written`;
  return `no line of the log matched ${quoted(logPattern ?? '')}`;
}

/**
 * What did not move and since when (milliseconds since 1970), with what was last seen of it:
 * `file "/data/beat" was not written since 2026-01-01T12:00:00Z: there is no such file`.
 */
export function describeStuck(check: ProgressCheck, since: number, detail: string): string {
  const sentence = `${whatStands(check)} since ${timestamp(since)}`;
  return detail === '' ? sentence : `${sentence}: ${detail}`;
}
