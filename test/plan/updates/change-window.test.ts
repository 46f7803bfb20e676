import { describe, expect, test } from 'vitest';
import { DAYS } from '../../../src/model/updates-spec.js';
import type { ChangeWindow } from '../../../src/model/updates-spec.js';
import { isOpen, opensAt } from '../../../src/plan/updates/change-window.js';

const aWindow = (parts: Partial<ChangeWindow> = {}): ChangeWindow => ({
  ...{ days: [...DAYS], from: '02:00', to: '05:00', timeZone: 'UTC', ...parts },
});

const at = (text: string): number => Date.parse(text);

describe('isOpen', () => {
  // 2026-01-05 is a Monday.
  test.each<[string, Partial<ChangeWindow>, string, boolean]>([
    ['begins at its first minute', {}, '2026-01-05T02:00:00Z', true],
    ['has not begun a second earlier', {}, '2026-01-05T01:59:59Z', false],
    ['ends before its last minute', {}, '2026-01-05T05:00:00Z', false],
    ['is for its days alone', { days: ['Tue'] }, '2026-01-05T03:00:00Z', false],
    ['is in its own time zone', { timeZone: 'Europe/Berlin' }, '2026-01-05T01:00:00Z', true],
    ['follows the clocks in summer', { timeZone: 'Europe/Berlin' }, '2026-07-06T00:00:00Z', true],
    ['goes past midnight', { from: '22:00', to: '02:00' }, '2026-01-06T01:59:00Z', true],
    [
      'belongs to the day on which it begins',
      { from: '22:00', to: '02:00', days: ['Mon'] },
      '2026-01-06T01:00:00Z',
      true,
    ],
    [
      'is not open in the night before that day',
      { from: '22:00', to: '02:00', days: ['Mon'] },
      '2026-01-05T01:00:00Z',
      false,
    ],
    [
      'is a whole day when both are equal',
      { from: '03:00', to: '03:00' },
      '2026-01-05T02:59:00Z',
      true,
    ],
  ])('%s', (_, parts, time, open) => {
    expect(isOpen(aWindow(parts), at(time))).toBe(open);
  });
});

describe('opensAt', () => {
  test.each<[string, Partial<ChangeWindow>, string, string]>([
    ['the same day', {}, '2026-01-05T00:00:00Z', '2026-01-05T02:00:00Z'],
    ['the next day', {}, '2026-01-05T05:00:00Z', '2026-01-06T02:00:00Z'],
    ['the next week', { days: ['Mon'] }, '2026-01-05T05:00:00Z', '2026-01-12T02:00:00Z'],
    ['an odd minute', { from: '02:37' }, '2026-01-05T00:00:00Z', '2026-01-05T02:37:00Z'],
    [
      'a zone with an odd offset',
      { timeZone: 'Asia/Kathmandu' },
      '2026-01-05T00:00:00Z',
      '2026-01-05T20:15:00Z',
    ],
    [
      'a time that the change of clocks leaves out',
      { timeZone: 'Europe/Berlin', from: '02:30', to: '03:30' },
      '2026-03-29T00:00:00Z',
      '2026-03-29T01:00:00Z',
    ],
  ])('finds %s', (_, parts, time, opens) => {
    expect(new Date(opensAt(aWindow(parts), at(time))).toISOString()).toBe(
      new Date(opens).toISOString(),
    );
  });
});
