import { expect, test } from 'vitest';
import { usageBetween } from '../../src/model/usage.js';

const first = { at: 10_000, cpuNanoseconds: 5e9, memoryBytes: 100 };

test('usage is the average between two samples, and memory that of the later one', () => {
  const second = { at: 12_000, cpuNanoseconds: 6e9, memoryBytes: 300 };
  expect(usageBetween(first, second)).toEqual({
    ...{ at: 12_000, windowMs: 2_000, nanoCpus: 5e8, memoryBytes: 300 },
  });
});

test('samples of the same moment or of different runs have nothing between them', () => {
  expect(usageBetween(first, first)).toBeUndefined();
  expect(usageBetween(first, { ...first, at: 9_000 })).toBeUndefined();
  expect(usageBetween(first, { at: 12_000, cpuNanoseconds: 1, memoryBytes: 1 })).toBeUndefined();
});
