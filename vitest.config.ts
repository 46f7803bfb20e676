import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { engineTests } from './test/helpers/engine-tests.js';

/** Most tests wait for something: a machine with few processors has time for more than one. */
const LEAST_WORKERS = 4;

const shared = {
  ...{ testTimeout: 120_000, hookTimeout: 120_000 },
  expect: { poll: { timeout: 20_000 } },
};
const needEngine = engineTests();

export default defineConfig({
  test: {
    maxWorkers: Math.max(LEAST_WORKERS, availableParallelism()),
    projects: [
      {
        test: {
          ...shared,
          name: 'fast',
          // No test leaves anything behind in its process: so files can share what they import.
          isolate: false,
          include: ['test/**/*.test.ts'],
          exclude: ['test/bench/**', 'test/soak/**', ...needEngine],
        },
      },
      {
        test: {
          ...shared,
          // Many wait for an engine that others keep busy, too.
          testTimeout: 180_000,
          name: 'engine',
          isolate: false,
          include: needEngine,
          exclude: ['test/bench/**', 'test/soak/**'],
          globalSetup: 'test/global-setup.ts',
        },
      },
    ],
  },
});
