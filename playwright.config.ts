/** The tests in a real browser: the built page against the whole local stack, on ports of its own. */
import { defineConfig, devices } from '@playwright/test';
import { findChromium } from './scripts/chromium.ts';

const executablePath = findChromium();

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results/playwright',
  globalSetup: './tests/e2e/stack.setup.ts',
  fullyParallel: true,
  forbidOnly: process.env['CI'] === 'true',
  // A browser on a machine with other work may miss what it waits for. `npm test` names what needed a second try.
  retries: 1,
  workers: 2,
  timeout: 120_000,
  expect: { timeout: 30_000 },
  use: {
    ...devices['Desktop Chrome'],
    viewport: { width: 1440, height: 900 },
    screenshot: 'only-on-failure',
    // A quarter of all that a run computes: `playwright test --trace on FILE` says more of what failed.
    trace: 'off',
    launchOptions: {
      ...(executablePath !== undefined && { executablePath }),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
