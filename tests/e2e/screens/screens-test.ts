/** Playwright's `test` with the screens on a fake client: `open('busy')` shows a state, wide or on a phone. */
import { test as base, type Page } from '@playwright/test';
import type { ChatState } from '../../../web/connection/model.ts';
import { newPage, openState, startHarness, type Harness, type LookName } from '../../web/screens/harness.ts';

interface Screens {
  look: LookName;
  /** Opens a page on a state; fails the test when the page logs an error or breaks its security policy. */
  open: (state: string) => Promise<Page>;
}

export const test = base.extend<Screens, { harness: Harness }>({
  harness: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads from the pattern what a fixture needs
    async ({}, use, { workerIndex }) => {
      const harness = await startHarness(String(workerIndex));
      await use(harness);
      await harness.stop();
    },
    { scope: 'worker' },
  ],
  look: ['wide', { option: true }],
  open: async ({ browser, harness, look }, use) => {
    const problems: string[] = [];
    const page = await newPage(browser, harness.origin, look);
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    await use(async (state) => {
      await openState(page, state);
      return page;
    });
    await page.context().close();
    test.expect(problems).toEqual([]);
  },
});
export const { expect } = test;

/** Changes the state under the screen, as the data layer would. */
export async function setState(page: Page, change: Partial<ChatState>): Promise<void> {
  await page.evaluate((part) => window.fake?.store.setState(part), change);
}
