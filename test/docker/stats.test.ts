import { expect, test } from 'vitest';
import { sampleOf } from '../../src/docker/stats.js';

const READ = '2026-11-26T22:03:14.803279162Z';
const at = Date.parse('2026-11-26T22:03:14.803Z');
const cpu_stats = { cpu_usage: { total_usage: 53_301_464 } };

test('memory is without idle file pages, in both versions of cgroups', () => {
  const first = { usage: 2_785_280, stats: { total_inactive_file: 360_448, inactive_file: 1 } };
  const second = { usage: 2_785_280, stats: { inactive_file: 360_448 } };
  for (const memory_stats of [first, second]) {
    expect(sampleOf({ read: READ, cpu_stats, memory_stats })).toEqual({
      ...{ at, cpuNanoseconds: 53_301_464, memoryBytes: 2_424_832 },
    });
  }
});

test('a container that does not run has no usage', () => {
  const never = '0001-01-01T00:00:00Z';
  expect(sampleOf({ read: never, cpu_stats: {}, memory_stats: {} })).toBeUndefined();
});

test.each([undefined, null, 7, '', [], {}, { read: 'yesterday' }, { read: 7 }])(
  'garbage is no usage: %j',
  (garbage) => expect(sampleOf(garbage)).toBeUndefined(),
);

test('what is missing counts as nothing, and nothing is below it', () => {
  expect(sampleOf({ read: READ })).toEqual({ at, cpuNanoseconds: 0, memoryBytes: 0 });
  const memory_stats = { usage: 1, stats: { inactive_file: 2 } };
  expect(sampleOf({ read: READ, memory_stats })?.memoryBytes).toBe(0);
});
