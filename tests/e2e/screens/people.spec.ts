/** Who one is and what one may do, on the screens: forms by key, menus that offer only what is allowed. */
import { expect, test } from './screens-test.ts';

test('the ways in are chosen by arrow keys, and the first field has the focus', async ({ open }) => {
  const page = await open('sign-in');
  await expect(page.getByLabel('Your name')).toBeFocused();
  await page.getByRole('tab', { name: 'As a guest' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('tab', { name: 'Sign in' })).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByLabel('E-mail')).toBeVisible();
  await expect(page.getByRole('tab', { name: 'Sign in' })).toBeFocused();
});

test('only what the service offers is offered', async ({ open }) => {
  const guests = await open('sign-in-guests-only');
  await expect(guests.getByLabel('Your name')).toBeVisible();
  await expect(guests.getByRole('tab')).toHaveCount(0);
  const company = await open('sign-in-company');
  await expect(company.getByRole('button', { name: 'Continue with Contoso' })).toBeVisible();
  await expect(company.getByRole('textbox')).toHaveCount(0);
});

test('[BAD] what is wrong with an account stands at its field, which has the focus', async ({ open }) => {
  const page = await open('sign-in');
  await page.getByRole('tab', { name: 'Register' }).click();
  await page.getByLabel('Your name').fill('Alice');
  await page.getByLabel('E-mail').fill('alice');
  await page.getByLabel('Password').fill('short');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByText('The e-mail is not valid.')).toBeVisible();
  await expect(page.getByText('The password must have at least 8 characters.')).toBeVisible();
  await expect(page.getByLabel('E-mail')).toBeFocused();
});

test('a member is offered nothing that moderators do', async ({ open }) => {
  const page = await open('moderated');
  await page.getByRole('button', { name: 'Show details' }).click();
  await expect(page.getByRole('heading', { name: 'Members' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Invite people' })).toHaveCount(0);
  await page.getByRole('button', { name: 'What to do about Éva Novák' }).click();
  await expect(page.getByRole('menuitem')).toHaveText(['Block']);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Room menu' }).click();
  await expect(page.getByRole('menuitem', { name: 'Room settings' })).toHaveCount(0);
  await expect(page.getByRole('menuitem', { name: 'Delete room' })).toHaveCount(0);
});

test('an owner bans with a reason and an end', async ({ open }) => {
  const page = await open('running');
  await page.getByRole('button', { name: 'What to do about Chidi Okafor' }).click();
  await page.getByRole('menuitem', { name: 'Ban' }).click();
  await page.getByLabel('How long').selectOption('For a week');
  await page.getByLabel('Reason (optional)').fill('Advertising');
  await page.getByRole('button', { name: 'Ban', exact: true }).click();
  await expect(page.getByText('Chidi Okafor is banned')).toBeVisible();
  const call = await page.evaluate(() => window.calls?.at(-1));
  expect(call).toMatchObject({
    method: 'PUT',
    body: { reason: 'Advertising', until: '2026-11-30T13:32:00.000Z' },
  });
});

test('the menus of messages are one stop of the Tab key, and arrow keys walk from there', async ({
  open,
}) => {
  const page = await open('busy');
  const menu = (name: string) =>
    page.getByRole('button', { name: `What to do about the message of ${name}` }).last();
  await expect(menu('Bo Lindberg')).toHaveAttribute('tabindex', '0');
  await page.getByLabel('Message Design').focus();
  await page.keyboard.press('Shift+Tab');
  await expect(menu('Bo Lindberg')).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(menu('Tomás')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Copy text' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(menu('Tomás')).toBeFocused();
});

test('messages of somebody whom one blocked are folded away, and shown one by one', async ({ open }) => {
  const page = await open('moderated');
  await expect(page.getByText('Lovely.')).toHaveCount(0);
  const folded = page.getByRole('listitem').filter({ hasText: 'You have blocked Chidi Okafor.' });
  const last = folded.last();
  await last.getByRole('button', { name: 'Show this message' }).click();
  await expect(page.getByText('I tried the whole page with the keyboard')).toBeVisible();
  await expect(page.getByText('Lovely.')).toHaveCount(0);
});

test('being put out while watching closes the room, and says why', async ({ open }) => {
  const page = await open('busy');
  await page.evaluate(() => {
    const [roomId = ''] = Object.keys(window.fake?.store.getState().conversations ?? {});
    window.fake?.store.setState(({ memberships }) => ({
      memberships: Object.fromEntries(Object.entries(memberships).filter(([id]) => id !== roomId)),
      removals: { [roomId]: { room_name: 'Design', banned: true, reason: 'Advertising' } },
    }));
  });
  await expect(page.getByRole('heading', { name: 'You were banned from Design' })).toBeVisible();
  await expect(page.getByText('Advertising')).toBeVisible();
  await expect(page.getByLabel('Message Design')).toHaveCount(0);
});
