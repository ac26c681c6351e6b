/** Writing: what the keys do, what is kept, and how a message says how it is doing. */
import type { Page } from '@playwright/test';
import { design } from '../../web/screens/people-and-rooms.ts';
import { expect, setState, test } from './screens-test.ts';

const field = (page: Page) => page.getByLabel('Message Design');

test('Enter sends, Shift Enter breaks, and the focus stays', async ({ open }) => {
  const page = await open('busy');
  await expect(field(page)).toBeFocused();
  await field(page).pressSequentially('first line');
  await field(page).press('Shift+Enter');
  await field(page).pressSequentially('second line');
  await expect(field(page)).toHaveValue('first line\nsecond line');
  await field(page).press('Enter');
  await expect(page.getByText('first line second line')).toBeInViewport();
  await expect(field(page)).toHaveValue('');
  await expect(field(page)).toBeFocused();
});

test('the button sends as well, and only what has a visible character', async ({ open }) => {
  const page = await open('busy');
  const send = page.getByRole('button', { name: 'Send' });
  await expect(send).toBeDisabled();
  await field(page).fill(' \n ');
  await expect(send).toBeDisabled();
  await field(page).fill('by the button');
  await send.click();
  await expect(page.getByRole('listitem').filter({ hasText: 'by the button' })).toBeInViewport();
});

test('the draft of each room is kept', async ({ open }) => {
  const page = await open('busy');
  await field(page).fill('half a thought');
  await page.getByRole('link', { name: /Lunch/ }).click();
  await expect(page.getByLabel('Message Lunch')).toHaveValue('');
  await page.goBack();
  await expect(field(page)).toHaveValue('half a thought');
});

test('it grows to eight lines, and no further', async ({ open }) => {
  const page = await open('busy');
  const height = async (): Promise<number> => (await field(page).boundingBox())?.height ?? 0;
  const one = await height();
  await field(page).fill('line\n'.repeat(4));
  expect(await height()).toBeGreaterThan(one * 3);
  await field(page).fill('line\n'.repeat(7));
  const eight = await height();
  await field(page).fill('line\n'.repeat(30));
  expect(await height()).toBeCloseTo(eight, -1);
});

test('[BAD] a text that is too long is counted and kept, and not sent', async ({ open }) => {
  const page = await open('busy');
  await field(page).fill('x'.repeat(7_600));
  await expect(page.getByText('400 characters left')).toBeVisible();
  // A code point counts once, also where it takes two units.
  await field(page).fill('😀'.repeat(8_001));
  await expect(page.getByText('1 characters too many to send.')).toBeVisible();
  await field(page).press('Enter');
  expect(await field(page).inputValue()).toHaveLength(16_002);
});

test('a message is there at once, and marked until it is acknowledged', async ({ open }) => {
  const page = await open('sending');
  const waiting = page.getByRole('listitem').filter({ hasText: 'Thursday is good.' });
  await expect(waiting.getByText('Sending')).toBeAttached();
  await page.evaluate(({ id }) => {
    const sent = window.fake?.store.getState().outbox[id]?.[0];
    if (sent !== undefined) window.fake?.retry(id, sent.message_id);
  }, design);
  await expect(waiting).toHaveCount(1);
  await expect(waiting.getByText('Sending')).toHaveCount(0);
});

test('[ACK] a failed message says so, and can be sent again or discarded', async ({ open }) => {
  const page = await open('failed');
  const rows = page.getByRole('listitem').filter({ hasText: 'Not sent.' });
  await expect(rows).toHaveCount(2);
  await rows.last().getByRole('button', { name: 'discard' }).click();
  await expect(page.getByText('I write the note.')).toBeHidden();
  await rows.first().getByRole('button', { name: 'Retry' }).click();
  await expect(rows).toHaveCount(0);
  await expect(page.getByText('Thursday is good.')).toBeVisible();
});

test('signing out with unsent messages asks first', async ({ open }) => {
  const page = await open('failed');
  await page.getByRole('button', { name: 'your menu' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Stay' }).click();
  await expect(page.getByText('Thursday is good.')).toBeVisible();
  await page.getByRole('button', { name: 'your menu' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByLabel('Your name')).toBeVisible();
});

test('while the connection is lost one can write, see why, and try at once', async ({ open }) => {
  const page = await open('reconnecting');
  await expect(page.getByText('The connection was lost. What you write is kept')).toBeAttached();
  await expect(page.getByText('Trying again in 8 s.')).toBeVisible();
  await expect(field(page)).toBeEditable();
  await page.getByRole('button', { name: 'Try now' }).click();
  await expect(page.getByText('The connection was lost.')).toHaveCount(0);
  await setState(page, { status: 'offline' });
  await expect(page.getByText('You are offline.').last()).toBeVisible();
});
