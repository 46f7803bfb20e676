import { DAYS } from '../../model/updates-spec.js';
import type { ChangeWindow } from '../../model/updates-spec.js';

const MINUTE_MS = 60_000;
/** Offsets of time zones are multiples of it, so a time of day comes only at such distances. */
const STEP_MS = 15 * MINUTE_MS;
/** A window begins once a week at least; the eighth day is for what a change of clocks leaves out. */
const HORIZON_MS = 8 * 24 * 60 * MINUTE_MS;

/** Day of the week, from 0 for Monday, and minute of the day. */
interface LocalTime {
  readonly day: number;
  readonly minute: number;
}

/** Whether a window is open at a time, in milliseconds since 1970. */
export function isOpen(window: ChangeWindow, now: number): boolean {
  const { day, minute } = localTime(window.timeZone, now);
  const from = minuteOf(window.from);
  const to = minuteOf(window.to);
  const begins = (which: number): boolean => window.days.some((one) => DAYS[which] === one);
  const dayBefore = (day + DAYS.length - 1) % DAYS.length;
  if (from < to) return begins(day) && minute >= from && minute < to;
  return (begins(day) && minute >= from) || (begins(dayBefore) && minute < to);
}

/** When a window that is closed opens next, in milliseconds since 1970. */
export function opensAt(window: ChangeWindow, now: number): number {
  const offset = (minuteOf(window.from) * MINUTE_MS) % STEP_MS;
  const first = Math.ceil((now - offset) / STEP_MS) * STEP_MS + offset;
  for (let at = first; at < now + HORIZON_MS; at += STEP_MS) {
    if (isOpen(window, at)) return at;
  }
  return now + HORIZON_MS;
}

function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

function localTime(timeZone: string, now: number): LocalTime {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(now)
      .map(({ type, value }) => [type, value]),
  );
  const number = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
  const day = DAYS.findIndex((one) => one === parts.get('weekday'));
  return { day, minute: number('hour') * 60 + number('minute') };
}

/** Making one takes far longer than using it; there are a few hundred time zones. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  });
  formats.set(timeZone, made);
  return made;
}
