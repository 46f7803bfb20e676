import { defineConfig } from 'vitest/config';

/** Faults at random for as long as `npm run soak -- --minutes N` says. */
export default defineConfig({
  test: {
    include: ['test/soak/**/*.test.ts'],
    globalSetup: 'test/global-setup.ts',
    testTimeout: 0,
    hookTimeout: 120_000,
  },
});
