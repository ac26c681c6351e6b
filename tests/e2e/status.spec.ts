/** The status page on the running stack: what happens shows up by itself, and axe finds nothing in either theme. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { looks, type LookName } from '../web/screens/harness.ts';
import { picture } from '../web/screens/pictures.ts';

const address = process.env['HUBBUB_STATUS'] ?? 'http://localhost:4290';
const api = process.env['HUBBUB_API'] ?? 'http://localhost:7071/api';

test('what the stack does shows up by itself', async ({ page }) => {
  const problems: string[] = [];
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  await page.goto(address);
  await expect(page.getByRole('status')).toHaveText(/^Live/);
  const rooms = page.getByRole('row', { name: /^rooms-read / });
  const runs = async (): Promise<number> => Number(await rooms.getByRole('cell').nth(2).innerText());
  const before = await runs();
  await fetch(`${api}/rooms/absent`);
  await expect.poll(runs).toBeGreaterThan(before);
  expect(problems).toEqual([]);
});

for (const look of Object.keys(looks) as LookName[]) {
  test(`axe finds nothing on it, light or dark (${look})`, async ({ browser }) => {
    const context = await browser.newContext(looks[look]);
    const page = await context.newPage();
    await page.goto(address);
    await expect(page.getByRole('row', { name: /^publish / })).toBeVisible();
    for (const theme of ['light', 'dark'] as const) {
      await picture(page, { scene: 'status', look, theme });
      const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`)).toEqual([]);
    }
    await context.close();
  });
}
