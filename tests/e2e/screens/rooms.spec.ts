/** The list of rooms: joining, leaving, creating, deleting, searching, and ten thousand of them. */
import type { Page } from '@playwright/test';
import { general, lunch, ops } from '../../web/screens/people-and-rooms.ts';
import { expect, test } from './screens-test.ts';

const row = (page: Page, name: string) =>
  page
    .getByRole('navigation')
    .getByRole('listitem')
    .filter({ has: page.getByRole('link', { name }) });

test('+ joins, ✓ leaves, and a joined room has the green mark', async ({ open }) => {
  const page = await open('few-rooms');
  const operations = row(page, 'Operations');
  const mark = () => operations.locator('[data-joined]').first().getAttribute('data-joined');
  await operations.getByRole('button', { name: 'Join Operations' }).click();
  await expect(operations.getByRole('button', { name: 'Leave Operations' })).toBeVisible();
  await expect(operations).toContainText('10 members');
  expect(await mark()).toBe('true');
  await operations.getByRole('button', { name: 'Leave Operations' }).click();
  await expect(operations.getByRole('button', { name: 'Join Operations' })).toBeVisible();
  expect(await mark()).toBe('false');
});

test('a row does not run away from the pointer that pressed it', async ({ open }) => {
  const page = await open('few-rooms');
  const before = await row(page, 'Reading group').boundingBox();
  await page.getByRole('button', { name: 'Join Reading group' }).click();
  await expect(page.getByRole('button', { name: 'Leave Reading group' })).toBeVisible();
  expect(await row(page, 'Reading group').boundingBox()).toEqual(before);
  await page.mouse.move(900, 400);
  await expect.poll(async () => (await row(page, 'Reading group').boundingBox())?.y).not.toBe(before?.y);
});

test('counts change while one looks, and unread messages are counted in bold', async ({ open }) => {
  const page = await open('few-rooms');
  await expect(row(page, 'General')).toContainText('12 unread');
  await page.evaluate((room) => {
    window.fake?.store.setState(({ rooms }) => ({
      rooms: { ...rooms, [room.id]: { ...room, member_count: 1_205 } },
    }));
  }, general);
  await expect(row(page, 'General')).toContainText('1,205 members');
  const weight = (name: string) =>
    page.getByText(name, { exact: true }).evaluate((element) => Number(getComputedStyle(element).fontWeight));
  expect(await weight('General')).toBeGreaterThan(await weight('Lunch'));
});

test('a room is created with ➕, opened, and among one’s own', async ({ open }) => {
  const page = await open('few-rooms');
  await page.getByRole('button', { name: 'Create a room' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill('Test Room');
  await page.getByLabel('Description (optional)').fill('For tests');
  await page.getByRole('button', { name: 'Create Room' }).click();
  await expect(page.getByRole('heading', { name: 'Test Room', exact: true })).toBeVisible();
  await expect(page).toHaveURL(/\/rooms\/[\da-f-]{36}$/);
  await expect(row(page, 'Test Room').getByRole('button', { name: 'Leave Test Room' })).toBeVisible();
  await expect(page.getByText('Say the first word in Test Room')).toBeVisible();
});

test('[BAD] the dialog says what is wrong, where it is, and keeps what was written', async ({ open }) => {
  const page = await open('name-taken');
  await page.getByRole('button', { name: 'Create a room' }).first().click();
  const name = page.getByLabel('Name', { exact: true });
  await page.getByRole('button', { name: 'Create Room' }).click();
  await expect(page.getByText('The name must not be empty.')).toBeVisible();
  await expect(name).toBeFocused();
  await name.fill('Design');
  await page.getByRole('button', { name: 'Create Room' }).click();
  await expect(page.getByText('There is a room called “Design” already.')).toBeVisible();
  await expect(name).toHaveValue('Design');
  await expect(name).toBeFocused();
});

test('only one’s own rooms can be deleted, and only after a question', async ({ open }) => {
  const page = await open('busy');
  await expect(page.getByRole('button', { name: 'Delete General' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Delete Design' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(row(page, 'Design')).toBeVisible();
  await page.getByRole('button', { name: 'Delete Design' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete Room' }).click();
  await expect(row(page, 'Design')).toHaveCount(0);
  await expect(page).toHaveURL(/\/$/);
});

test('a room is renamed by its owner', async ({ open }) => {
  const page = await open('busy');
  await page.getByRole('button', { name: 'Room menu' }).click();
  await page.getByRole('menuitem', { name: 'Room settings' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Design and type');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { name: 'Design and type' })).toBeVisible();
  await expect(row(page, 'Design and type')).toBeVisible();
});

test('searching narrows the list, and offers to create what is not there', async ({ open }) => {
  const page = await open('few-rooms');
  await page.getByLabel('Search rooms').fill('lun');
  await expect(page.getByRole('navigation').getByRole('listitem').filter({ hasText: 'member' })).toHaveCount(
    1,
  );
  await page.getByLabel('Search rooms').fill('Lunar base');
  await page.getByRole('button', { name: 'Create “Lunar base”' }).click();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Lunar base');
});

test('ten thousand rooms render only what is seen, and can be walked to the end', async ({ open }) => {
  const page = await open('many-rooms');
  const items = page.getByRole('navigation').getByRole('listitem');
  expect(await items.count()).toBeLessThan(60);
  await page.getByRole('link', { name: 'Atlas 0051' }).focus();
  await page.keyboard.press('End');
  await expect(page.getByRole('link', { name: 'Juniper 1000' })).toBeFocused();
  expect(await items.count()).toBeLessThan(60);
});

test('the address names the room, and back and forward work', async ({ open }) => {
  const page = await open('few-rooms');
  await row(page, 'Lunch').getByRole('link').click();
  await expect(page).toHaveURL(`/rooms/${lunch.id}`);
  await row(page, 'Operations').getByRole('link').click();
  await expect(page).toHaveURL(`/rooms/${ops.id}`);
  await expect(page).toHaveTitle('(12) Operations · Hubbub');
  await page.goBack();
  await expect(page.getByRole('heading', { name: 'Lunch', exact: true })).toBeVisible();
});
