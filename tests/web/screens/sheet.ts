/**
 * Takes a picture of every scene, on a phone and wide, light and dark, and lays them out on one sheet for a
 * designer's eye: `node tests/web/screens/sheet.ts [scene …]` writes test-results/screens/.
 */
import { mkdir } from 'node:fs/promises';
import { chromium } from '@playwright/test';
import { findChromium } from '../../../scripts/chromium.ts';
import { buildHarness, looks, newPage, openScene, startHarness, type LookName } from './harness.ts';
import { picture, pictures, writeSheet } from './pictures.ts';
import { scenes } from './scenes.ts';

const wanted = process.argv.slice(2);
const chosen = wanted.length === 0 ? scenes : scenes.filter(({ name }) => wanted.includes(name));

await mkdir(pictures, { recursive: true });
await buildHarness();
const harness = await startHarness();
const executablePath = findChromium();
const browser = await chromium.launch({
  ...(executablePath !== undefined && { executablePath }),
  args: ['--no-sandbox', '--disable-gpu'],
});
try {
  for (const look of Object.keys(looks) as LookName[]) {
    for (const scene of chosen) {
      const page = await newPage(browser, harness.origin, look);
      page.on(
        'console',
        (message) => message.type() === 'error' && console.error(scene.name, message.text()),
      );
      page.on('pageerror', (error) => console.error(scene.name, error.message));
      await openScene(page, scene).catch((error: unknown) => console.error(scene.name, String(error)));
      for (const theme of ['light', 'dark'] as const) await picture(page, { scene: scene.name, look, theme });
      await page.context().close();
    }
  }
} finally {
  await browser.close();
  await harness.stop();
}
await writeSheet(chosen.map(({ name }) => name));
