/**
 * Takes a picture of every scene in both widths and both themes, and lays them out on one sheet, for a designer's
 * eye: `node tests/web/screens/sheet.ts [scene …]` writes test-results/screens/.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { newPage, openScene, startHarness } from './harness.ts';
import { scenes, themes, widths } from './scenes.ts';

const folder = fileURLToPath(new URL('../../../test-results/screens/', import.meta.url));
const wanted = process.argv.slice(2);
const chosen = wanted.length === 0 ? scenes : scenes.filter(({ name }) => wanted.includes(name));

await mkdir(folder, { recursive: true });
const harness = await startHarness();
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
const taken: string[] = [];
try {
  for (const scene of chosen) {
    for (const [width, size] of Object.entries(widths)) {
      for (const theme of themes) {
        const page = await newPage(browser, { origin: harness.origin, size, theme });
        page.on(
          'console',
          (message) => message.type() === 'error' && console.error(scene.name, message.text()),
        );
        page.on('pageerror', (error) => console.error(scene.name, error.message));
        const name = `${scene.name}.${width}.${theme}.png`;
        try {
          await openScene(page, scene);
          await page.evaluate(() => document.fonts.ready);
        } catch (error) {
          console.error(`${name}: ${String(error)}`);
        }
        await page.screenshot({ path: `${folder}${name}`, animations: 'disabled' });
        taken.push(name);
        await page.context().close();
      }
    }
  }
} finally {
  await browser.close();
  await harness.stop();
}
const figures = taken.map(
  (name) => `<figure><img src="${name}" alt=""><figcaption>${name}</figcaption></figure>`,
);
await writeFile(
  `${folder}index.html`,
  `<!doctype html><meta charset="utf-8"><title>Hubbub, every screen</title>
<style>
  body { display: grid; grid-template-columns: 1fr 1fr 3.4fr 3.4fr; gap: 16px; padding: 16px; background: #888; }
  img { width: 100%; display: block; } figure { margin: 0; font: 12px system-ui; }
</style>
${figures.join('\n')}`,
);
console.log(`${taken.length} pictures: ${folder}index.html`);
