/** Builds and serves the screens on a fake client, and opens a page on one of them. For Playwright and the sheet. */
import type { Browser, Page } from '@playwright/test';
import { build, preview } from 'vite';
import config from './vite.config.ts';
import { now } from './people-and-rooms.ts';
import type { Scene } from './scenes.ts';
import { states } from './states.ts';

export interface Harness {
  origin: string;
  stop: () => Promise<void>;
}

/** @param port 0 for any free one */
export async function startHarness(port = 0): Promise<Harness> {
  const quiet = { ...config, configFile: false, logLevel: 'warn' } as const;
  await build(quiet);
  const server = await preview({ ...quiet, preview: { ...config.preview, port, strictPort: port !== 0 } });
  const origin = server.resolvedUrls?.local[0]?.replace(/\/$/u, '');
  if (origin === undefined) throw new Error('The harness has no address');
  return { origin, stop: () => server.close() };
}

export interface Look {
  origin: string;
  size: { width: number; height: number };
  theme: 'light' | 'dark';
}

/** A page of its own, as a first visit; the clock stands still, so that pictures differ only where the page does. */
export async function newPage(browser: Browser, { size, theme, origin }: Look): Promise<Page> {
  const phone = size.width < 720;
  const context = await browser.newContext({
    viewport: size,
    colorScheme: theme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    baseURL: origin,
    ...(phone && { hasTouch: true, isMobile: true, deviceScaleFactor: 2 }),
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
