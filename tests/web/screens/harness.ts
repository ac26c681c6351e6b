/** Builds and serves the screens on a fake client, and opens a page on one of them. For Playwright and the sheet. */
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from '@playwright/test';
import { build, preview } from 'vite';
import { now } from './people-and-rooms.ts';
import type { Scene } from './scenes.ts';
import { states } from './states.ts';
import config from './vite.config.ts';

export interface Harness {
  origin: string;
  stop: () => Promise<void>;
}

const outDir = fileURLToPath(new URL('../../../test-results/screens-page', import.meta.url));
const settings = {
  ...config,
  configFile: false,
  logLevel: 'warn',
  build: { ...config.build, outDir },
  preview: { ...config.preview, port: 0, strictPort: false },
} as const;

/** Once, before any `startHarness`. */
export async function buildHarness(): Promise<void> {
  await build(settings);
}

/** Serves what was built; any number may do so at the same time. */
export async function startHarness(): Promise<Harness> {
  const server = await preview(settings);
  const origin = server.resolvedUrls?.local[0]?.replace(/\/$/u, '');
  if (origin === undefined) throw new Error('The harness has no address');
  return { origin, stop: () => server.close() };
}

/** The two kinds of screen that everything is seen on. */
export const looks = {
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  wide: { viewport: { width: 1440, height: 900 } },
} as const satisfies Record<string, BrowserContextOptions>;
export type LookName = keyof typeof looks;

/** A page as of a first visit; the clock stands still, so that pictures differ only where the page does. */
export async function newPage(browser: Browser, origin: string, look: LookName): Promise<Page> {
  const context = await browser.newContext({
    ...looks[look],
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    baseURL: origin,
  });
  const page = await context.newPage();
  await page.clock.setFixedTime(now);
  return page;
}

/** Opens the state of a scene, without what the scene does in it. */
export async function openState(page: Page, name: string): Promise<void> {
  const state = states[name];
  if (state === undefined) throw new Error(`There is no state "${name}"`);
  await page.addInitScript((screen) => sessionStorage.setItem('screen', screen), name);
  await page.goto(state.path);
  await page.locator('main').first().waitFor({ state: 'attached' });
}

export async function openScene(page: Page, scene: Scene): Promise<void> {
  await openState(page, scene.state);
  await scene.act?.(page);
}
