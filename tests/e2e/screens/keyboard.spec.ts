/** Everything by keyboard, and the focus never lost. */
import { design, general, lunch } from '../../web/screens/people-and-rooms.ts';
import { expect, test } from './screens-test.ts';

test('Ctrl K jumps to a room', async ({ open }) => {
  const page = await open('busy');
  await page.keyboard.press('Control+k');
  await expect(page.getByLabel('Search rooms')).toBeFocused();
  await page.keyboard.type('gen');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`/rooms/${general.id}`);
  await expect(page.getByLabel('Search rooms')).toHaveValue('');
  await expect(page.getByLabel('Message General')).toBeFocused();
});

test('Esc clears the search, then gives the focus back to where it came from', async ({ open }) => {
  const page = await open('busy');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('zz');
  await page.keyboard.press('Escape');
  await expect(page.getByLabel('Search rooms')).toHaveValue('');
  await page.keyboard.press('Escape');
  await expect(page.getByLabel('Message Design')).toBeFocused();
});

test('Alt ↑ and ↓ walk one’s rooms, round the ends', async ({ open }) => {
  const page = await open('busy');
  await page.keyboard.press('Alt+ArrowDown');
  await expect(page).toHaveURL(`/rooms/${general.id}`);
  await page.keyboard.press('Alt+ArrowDown');
  await expect(page).toHaveURL(`/rooms/${lunch.id}`);
  await page.keyboard.press('Alt+ArrowUp');
  await page.keyboard.press('Alt+ArrowUp');
  await expect(page).toHaveURL(`/rooms/${design.id}`);
  await expect(page.getByLabel('Message Design')).toBeFocused();
});

test('the list is one stop of Tab, walked by arrows, and the button of a row is next to it', async ({
  open,
}) => {
  const page = await open('few-rooms');
  await page.getByRole('button', { name: 'Create a room' }).first().focus();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Design' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('link', { name: 'General' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Leave General' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'your menu' })).toBeFocused();
});

test('a dialog holds the focus, closes on Esc, and gives it back', async ({ open }) => {
  const page = await open('few-rooms');
  const create = page.getByRole('navigation').getByRole('button', { name: 'Create a room' });
  await create.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Name', { exact: true })).toBeFocused();
  for (let press = 0; press < 8; press += 1) await page.keyboard.press('Tab');
  expect(
    await page.evaluate(() => document.activeElement?.closest('dialog') ?? document.activeElement?.tagName),
  ).not.toBe('NAV');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(create).toBeFocused();
});

test('Esc closes the details, and the focus returns to their button', async ({ open }) => {
  const page = await open('busy');
  const button = page.getByRole('button', { name: 'Show details' });
  await button.click();
  await expect(page.getByRole('complementary', { name: 'Details of Design' })).toBeVisible();
  await expect(page.getByText('Chidi Okafor').last()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('complementary')).toHaveCount(0);
  await expect(button).toBeFocused();
});

test('? shows all keys, but not while one writes', async ({ open }) => {
  const page = await open('busy');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByLabel('Message Design')).toHaveValue('?');
  await page.getByRole('region', { name: 'Messages in Design' }).focus();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
});

test('the theme is chosen in the menu, and kept', async ({ open }) => {
  const page = await open('few-rooms');
  await page.getByRole('button', { name: 'your menu' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Your profile' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitemradio', { name: 'Theme of the system' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const scheme = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
  expect(await scheme()).toBe('dark');
  await page.reload();
  expect(await scheme()).toBe('dark');
});
