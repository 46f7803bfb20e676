import { expect, test } from 'vitest';
import { writesGoOn } from '../../src/registry/progress.js';

/** Commits, failures and waiting writes at each look, and whether they go on. */
test.each([
  [
    'nothing is asked for',
    [
      [0, 0, 0, true],
      [0, 0, 0, true],
    ],
  ],
  [
    'writes wait and are committed',
    [
      [1, 0, 5, true],
      [2, 0, 5, true],
    ],
  ],
  [
    'the disk refuses each',
    [
      [1, 0, 5, true],
      [1, 9, 5, true],
    ],
  ],
  [
    'a write came in just now',
    [
      [1, 0, 0, true],
      [1, 0, 1, true],
    ],
  ],
  [
    'writes wait from look to look',
    [
      [1, 0, 1, true],
      [1, 0, 1, false],
      [1, 0, 8, false],
    ],
  ],
  [
    'they go on again',
    [
      [1, 0, 1, true],
      [1, 0, 1, false],
      [2, 0, 1, true],
    ],
  ],
] as const)('when %s', (_when, looks) => {
  let counts = { commits: 0, failures: 0, waiting: 0 };
  const goOn = writesGoOn(() => counts);
  for (const [commits, failures, waiting, expected] of looks) {
    counts = { commits, failures, waiting };
    expect(goOn()).toBe(expected);
  }
});
