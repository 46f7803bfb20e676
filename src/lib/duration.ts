const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h)/g;
const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/;

/**
 * Milliseconds of a duration in Go's syntax: `90s`, `1h30m`, `1.5s`, `250ms`, `0`. undefined when
 * the text is not one; nothing is ever negative.
 */
export function parseDurationMs(text: string): number | undefined {
  if (text === '0') return 0;
  if (!DURATION.test(text)) return undefined;
  let sum = 0;
  for (const [, amount, unit = ''] of text.matchAll(PART)) {
    sum += Number(amount) * (UNIT_MS[unit] ?? 0);
  }
  return Math.round(sum);
}

/** A duration as Go prints it: `1h30m0s`, `1.5s`, `250ms`. */
export function formatDuration(durationMs: number): string {
  if (durationMs === 0) return '0s';
  if (durationMs < 1_000) return `${durationMs}ms`;
  const hours = Math.floor(durationMs / 3_600_000);
  const minutes = Math.floor(durationMs / 60_000) % 60;
  const seconds = `${Number(((durationMs % 60_000) / 1_000).toFixed(3))}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}

const pair = (major: number, unit: string, minor: number, minorUnit: string): string =>
  minor === 0 ? `${major}${unit}` : `${major}${unit}${minor}${minorUnit}`;

/** An age as kubectl shows it: two units while it is young, one later (`12s`, `5m30s`, `3h`, `4d`). */
export function formatAge(ageMs: number): string {
  const seconds = Math.floor(Math.max(0, ageMs) / 1_000);
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return pair(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return pair(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (days < 8) return pair(days, 'd', hours % 24, 'h');
  if (days < 730) return `${days}d`;
  const years = Math.floor(days / 365);
  return years < 8 ? pair(years, 'y', days % 365, 'd') : `${years}y`;
}

/** Time since an RFC 3339 time, as an age; `<unknown>` without one. `now` in milliseconds since 1970. */
export function ageOf(time: string | undefined, now: number): string {
  const since = Date.parse(time ?? '');
  return Number.isNaN(since) ? '<unknown>' : formatAge(now - since);
}
