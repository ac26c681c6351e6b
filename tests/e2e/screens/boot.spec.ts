/** The built page before it has a client: when it cannot find out where its service is, it says so and tries again. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { picture } from '../../web/screens/pictures.ts';

const address = process.env['HUBBUB_PAGE'] ?? 'http://localhost:4280';

test('without its configuration the page says so, and tries again', async ({ page }) => {
  const breaches: string[] = [];
  page.on(
    'console',
    (message) => message.text().includes('Security Policy') && breaches.push(message.text()),
  );
  await page.route('**/config.json', (route) => route.abort());
  await page.goto(address);
  await expect(page.getByRole('heading', { name: 'Hubbub cannot be reached' })).toBeVisible();
  for (const theme of ['light', 'dark'] as const) {
    await picture(page, { scene: 'unreachable', look: 'wide', theme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
  }
  await page.unroute('**/config.json');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByLabel('Your name')).toBeVisible();
  expect(breaches).toEqual([]);
});
