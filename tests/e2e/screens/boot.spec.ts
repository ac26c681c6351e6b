/** The built page before it has a client: when it cannot find out where its service is, it says so and tries again. */
import { expect, test } from '@playwright/test';
import { findings } from '../axe.ts';

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
  expect(await findings(page, 'wide')).toEqual([]);
  await page.unroute('**/config.json');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByLabel('Your name')).toBeVisible();
  expect(breaches).toEqual([]);
});
