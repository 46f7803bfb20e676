import { defineConfig } from 'vitest/config';

/** The figures of test/bench, one file after the other so that they do not disturb each other. */
export default defineConfig({
  test: {
    include: ['test/bench/**/*.test.ts'],
    globalSetup: 'test/global-setup.ts',
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 120_000,
  },
});
