/** Every test but those in a browser (playwright.config.ts). Node's own TypeScript runs the helpers they start. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: ['tests/e2e/**'],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // More than there are cores: many tests only wait for programs that they have started.
    maxWorkers: 3,
  },
});
