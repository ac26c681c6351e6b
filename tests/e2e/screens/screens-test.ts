/** Playwright's `test` with the screens on a fake client: `open('busy')` shows a state, wide or on a phone. */
import { test as base, type Page } from '@playwright/test';
import type { ChatState } from '../../../web/connection/model.ts';
import { newPage, openState, startHarness, type Harness, type LookName } from '../../web/screens/harness.ts';

interface Screens {
  look: LookName;
  /** Opens a page on a state. */
  open: (state: string) => Promise<Page>;
  /** Shows a state on a page that others have used: for what only looks and changes nothing that stays. */
  glance: (state: string) => Promise<Page>;
}

interface Shared {
  harness: Harness;
  pages: Map<LookName, Page>;
}

export const test = base.extend<Screens, Shared>({
  harness: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads from the pattern what a fixture needs
    async ({}, use) => {
      const harness = await startHarness();
      await use(harness);
      await harness.stop();
    },
    { scope: 'worker' },
  ],
  pages: [
    // oxlint-disable-next-line no-empty-pattern -- as above
    async ({}, use) => {
      const pages = new Map<LookName, Page>();
      await use(pages);
      await Promise.all(Array.from(pages.values(), (page) => page.context().close()));
    },
    { scope: 'worker' },
  ],
  look: ['wide', { option: true }],
  open: async ({ browser, harness, look }, use) => {
    const page = await newPage(browser, harness.origin, look);
    const problems = listen(page);
    await use(async (state) => {
      await openState(page, state);
      return page;
    });
    await page.context().close();
    test.expect(problems).toEqual([]);
  },
  glance: async ({ browser, harness, look, pages }, use) => {
    const page = pages.get(look) ?? (await newPage(browser, harness.origin, look));
    pages.set(look, page);
    const problems = listen(page);
    await use(async (state) => {
      if (page.url() === 'about:blank') await openState(page, state);
      else await page.evaluate(showAndPaint, state);
      // Some screens are loaded when they are first shown; each has a heading.
      await page.locator('h1').filter({ visible: true }).first().waitFor();
      return page;
    });
    page.removeAllListeners();
    test.expect(problems).toEqual([]);
  },
});
export const { expect } = test;

/** Runs in the page. Two frames later React has rendered, measured, and rendered what it measured. */
function showAndPaint(name: string): Promise<void> {
  window.show?.(name);
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));
}

/** Collects what the page logs as an error, breaches of its security policy among them. */
function listen(page: Page): string[] {
  const problems: string[] = [];
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(error.message));
  return problems;
}

/** Changes the state under the screen, as the data layer would. */
export async function setState(page: Page, change: Partial<ChatState>): Promise<void> {
  await page.evaluate((part) => window.fake?.store.setState(part), change);
}
