import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { formatAge, formatDuration, parseDurationMs } from '../../src/lib/duration.js';

const S = 1_000;
const M = 60 * S;
const H = 60 * M;
const D = 24 * H;

test.for([
  ['0', 0],
  ['250ms', 250],
  ['30s', 30 * S],
  ['1.5s', 1_500],
  ['1h30m', H + 30 * M],
  ['2h3m4s5ms', 2 * H + 3 * M + 4 * S + 5],
] as const)('parseDurationMs(%j) is %d', ([text, durationMs]) => {
  expect(parseDurationMs(text)).toBe(durationMs);
});

test.for(['', '5', '-5s', 's', '5 s', '5d', '1h 30m', '1e3s', 'NaNs', '5sx', 'x5s'])(
  'parseDurationMs(%j) is undefined',
  (text) => {
    expect(parseDurationMs(text)).toBeUndefined();
  },
);

property.prop([fc.integer({ min: 0, max: 400 * D })])(
  'what is formatted is read again',
  (durationMs) => {
    expect(parseDurationMs(formatDuration(durationMs))).toBe(durationMs);
  },
);

test.for([
  [0, '0s'],
  [999, '999ms'],
  [1_500, '1.5s'],
  [90 * S, '1m30s'],
  [H + 30 * M, '1h30m0s'],
] as const)('formatDuration(%d) is %j', ([durationMs, text]) => {
  expect(formatDuration(durationMs)).toBe(text);
});

// Each row is what kubectl prints for the same age.
test.for([
  [-5 * S, '0s'],
  [0, '0s'],
  [119 * S, '119s'],
  [120 * S, '2m'],
  [5 * M + 30 * S, '5m30s'],
  [10 * M + 30 * S, '10m'],
  [179 * M, '179m'],
  [3 * H, '3h'],
  [7 * H + 59 * M, '7h59m'],
  [8 * H + 59 * M, '8h'],
  [47 * H, '47h'],
  [48 * H, '2d'],
  [50 * H, '2d2h'],
  [8 * D + 5 * H, '8d'],
  [729 * D, '729d'],
  [731 * D, '2y1d'],
  [730 * D, '2y'],
  [9 * 365 * D, '9y'],
] as const)('formatAge(%d) is %j', ([ageMs, text]) => {
  expect(formatAge(ageMs)).toBe(text);
});
