/** Who somebody is, against the whole stack: accounts of our own, an OpenID provider, and a session that ends. */
import { expect, test } from '../people.ts';

const password = 'four plain words here';
const emailOf = (name: string): string => `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '.')}@example.com`;

test('somebody registers, writes, signs out, and is the same person after signing in', async ({
  newVisitor,
  unique,
}) => {
  const alice = await newVisitor('Alice');
  await alice.register(emailOf(alice.name), password);
  const room = unique('Account room');
  await alice.createRoom(room);
  await alice.send('from my account');
  await expect(alice.message('from my account')).toBeVisible();

  await alice.choose('Sign out');
  await alice.signInWithPassword(emailOf(alice.name), 'not this one');
  await expect(alice.page.getByText('The e-mail or the password is wrong.')).toBeVisible();
  await alice.signInWithPassword(emailOf(alice.name), password);
  await expect(alice.message('from my account')).toBeVisible();
  await expect(alice.leaveButton(room)).toBeVisible();
});

test('a profile is changed, and others see it', async ({ newVisitor, newPerson, unique }) => {
  const alice = await newVisitor('Alice');
  await alice.register(emailOf(alice.name), password);
  await alice.choose('Your profile');
  await alice.dialog().getByRole('textbox', { name: 'Name' }).fill(unique('Alice M.'));
  await alice.dialog().getByRole('textbox', { name: 'Status' }).fill('Back at two');
  await alice.dialog().getByRole('button', { name: 'Save' }).click();
  await expect(alice.page.getByRole('button', { name: `${unique('Alice M.')}, your menu` })).toContainText(
    'Back at two',
  );

  const bob = await newPerson('Bob');
  await bob.createRoom(unique('Whom to invite'));
  await bob.openDetails();
  await bob.page.getByRole('button', { name: 'Invite people' }).click();
  await bob.dialog().getByRole('textbox', { name: 'Name' }).fill(unique('Alice M.'));
  await expect(bob.dialog().getByText('Back at two')).toBeVisible();
});

test('somebody signs in by OpenID Connect, and is the same person the next time', async ({
  newVisitor,
  unique,
}) => {
  const carol = await newVisitor('Carol');
  const enter = async (first: boolean): Promise<void> => {
    await carol.page.getByRole('button', { name: 'Continue with Contoso' }).click();
    if (first) {
      await carol.page.getByPlaceholder('Enter any login').fill(carol.name);
      await carol.page.getByPlaceholder('and password').fill('x');
      await carol.page.getByRole('button', { name: 'Sign-in' }).click();
      await carol.page.getByRole('button', { name: 'Continue' }).click();
    }
    await expect(carol.page.getByLabel('Search rooms', { exact: true })).toBeVisible();
  };
  await carol.page.goto('/');
  await enter(true);
  await expect(carol.page.getByRole('button', { name: `${carol.name}, your menu` })).toBeVisible();
  const room = unique('Carol was here');
  await carol.createRoom(room);
  await carol.choose('Sign out');
  await enter(false);
  await expect(carol.leaveButton(room)).toBeVisible();
});

test('signing out everywhere ends the session on another device, which says so', async ({ newVisitor }) => {
  const [desk, phone] = [await newVisitor('Alice'), await newVisitor('Alice')];
  await desk.register(emailOf(desk.name), password);
  await phone.page.goto('/');
  await phone.signInWithPassword(emailOf(desk.name), password);
  await expect(phone.page.getByLabel('Search rooms', { exact: true })).toBeVisible();

  await desk.choose('Your profile');
  await desk.dialog().getByRole('tab', { name: 'Account' }).click();
  await desk.dialog().getByRole('button', { name: 'Sign out everywhere' }).click();
  await expect(desk.page.getByRole('tab', { name: 'Sign in' })).toBeVisible();
  await expect(phone.page.getByText('Your session has ended. Sign in again.')).toBeVisible();
});
