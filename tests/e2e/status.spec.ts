/** The status page on the running stack: what happens shows up by itself, and axe finds nothing in either theme. */
import { expect, test } from '@playwright/test';
import { startStandIn, startStatus } from '../local/status/programs.ts';
import { looks, type LookName } from '../web/screens/harness.ts';
import { findings } from './axe.ts';

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

test('queues, groups and what fails are shown, and a program that does not answer is named', async ({
  page,
}) => {
  const counts = { active: 3, scheduled: 0, deferred: 0, deadLettered: 2 };
  const serviceBus = await startStandIn(
    '/status',
    JSON.stringify({ queues: [], topics: [{ name: 'news', subscriptions: [{ name: 'all', ...counts }] }] }),
  );
  const members = [{ connectionId: 'c1', userId: 'ann' }, { connectionId: 'c2' }];
  const webPubSub = await startStandIn(
    '/status',
    JSON.stringify({ hubs: [{ name: 'chat', connections: members, groups: [{ name: 'tea', members }] }] }),
  );
  const program = await startStatus({
    'service-bus': serviceBus.url,
    'web-pubsub': webPubSub.url,
    functions: serviceBus.url,
  });
  await page.goto(program.url);
  await expect(page.getByRole('row', { name: /^news › all Subscription 3 0 0 2$/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /^tea chat 2 ann, c2$/ })).toBeVisible();
  await expect(page.getByText('It answers, but has no status to tell (404).')).toBeVisible();
  expect(await findings(page, 'wide')).toEqual([]);
  webPubSub.stop();
  await expect(page.getByText('Nothing answers there.')).toBeVisible();
  await expect(page.getByRole('row', { name: /^tea/ })).toBeHidden();
  await program.stop();
  await expect(page.getByRole('status')).toContainText('The status program has not answered since');
  serviceBus.stop();
});

for (const look of Object.keys(looks) as LookName[]) {
  test(`axe finds nothing on it, light or dark (${look})`, async ({ browser }) => {
    const context = await browser.newContext(looks[look]);
    const page = await context.newPage();
    await page.goto(address);
    await expect(page.getByRole('row', { name: /^publish / })).toBeVisible();
    expect(await findings(page, look)).toEqual([]);
    await context.close();
  });
}
