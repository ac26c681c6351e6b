/** What is pictured and examined: a state of the page, and what a person does in it before one looks. */
import type { Page } from '@playwright/test';
import { design } from './people-and-rooms.ts';
import { states } from './states.ts';

export interface Scene {
  name: string;
  state: string;
  act?: (page: Page) => Promise<void>;
}

const createRoom = async (page: Page, name: string): Promise<void> => {
  await page.getByRole('button', { name: 'Create a room' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByRole('button', { name: 'Create Room' }).click();
};

const yourMenu = async (page: Page, item: string): Promise<void> => {
  const back = page.getByRole('link', { name: 'Back to rooms' });
  if (await back.isVisible()) await back.click();
  await page.getByRole('button', { name: 'your menu' }).click();
  await page.getByRole('menuitem', { name: item }).click();
  await page.getByRole('dialog').waitFor();
};

const openProfile = async (page: Page, part = 'Profile'): Promise<void> => {
  await yourMenu(page, 'Your profile');
  await page.getByRole('tab', { name: part, exact: true }).click();
};

const acted: Scene[] = [
  {
    name: 'sign-in-taken',
    state: 'sign-in-taken',
    act: async (page) => {
      await page.getByLabel('Your name').fill('Bo');
      await page.getByRole('button', { name: 'Continue as guest' }).click();
      await page.getByText('is taken by somebody else').waitFor();
    },
  },
  {
    name: 'sign-in-account',
    state: 'wrong-credentials',
    act: async (page) => {
      await page.getByRole('tab', { name: 'Sign in' }).click();
      await page.getByLabel('E-mail').fill('alice@example.com');
      await page.getByLabel('Password').fill('not this one');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('The e-mail or the password is wrong').waitFor();
    },
  },
  {
    name: 'register',
    state: 'sign-in',
    act: async (page) => {
      await page.getByRole('tab', { name: 'Register' }).click();
      await page.getByLabel('Your name').fill('Alice Moreno');
      await page.getByLabel('E-mail').fill('alice@example.com');
      await page.getByLabel('Password').fill('short');
      await page.getByRole('button', { name: 'Create account' }).click();
      await page.getByText('must have at least 8 characters').waitFor();
    },
  },
  { name: 'profile', state: 'account-holder', act: (page) => openProfile(page) },
  {
    name: 'profile-account',
    state: 'account-holder',
    act: (page) => openProfile(page, 'Account'),
  },
  { name: 'profile-blocked', state: 'account-holder', act: (page) => openProfile(page, 'Blocked') },
  {
    name: 'create-room',
    state: 'few-rooms',
    act: async (page) => {
      await page.getByRole('button', { name: 'Create a room' }).first().click();
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'create-room-empty', state: 'few-rooms', act: (page) => createRoom(page, ' ') },
  { name: 'create-room-too-long', state: 'few-rooms', act: (page) => createRoom(page, 'x'.repeat(53)) },
  { name: 'create-room-taken', state: 'name-taken', act: (page) => createRoom(page, 'Design') },
  { name: 'create-room-refused', state: 'too-many-rooms', act: (page) => createRoom(page, 'Design') },
  {
    name: 'room-settings',
    state: 'busy',
    act: async (page) => {
      await page.getByRole('button', { name: 'Room menu' }).click();
      await page.getByRole('menuitem', { name: 'Room settings' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'delete-room',
    state: 'busy',
    act: async (page) => {
      await page.getByRole('button', { name: 'Room menu' }).click();
      await page.getByRole('menuitem', { name: 'Delete room' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'room-menu',
    state: 'busy',
    act: (page) => page.getByRole('button', { name: 'Room menu' }).click(),
  },
  {
    name: 'your-menu',
    state: 'few-rooms',
    act: (page) => page.getByRole('button', { name: 'your menu' }).click(),
  },
  {
    name: 'no-match',
    state: 'few-rooms',
    act: async (page) => {
      await page.getByLabel('Search rooms').fill('desgin');
      await page.getByText('No room matches').waitFor();
    },
  },
  {
    name: 'shortcuts',
    state: 'few-rooms',
    act: async (page) => {
      await page.locator('body').press('?');
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'scrolled-up',
    state: 'busy',
    act: async (page) => {
      await page.getByRole('region', { name: 'Messages in Design' }).press('Home');
      await page.getByText('The beginning of Design').waitFor();
    },
  },
  {
    name: 'nearly-too-long',
    state: 'busy',
    act: (page) => page.getByLabel(`Message ${design.name}`).fill('A long text. '.repeat(620)),
  },
  { name: 'invite', state: 'invite', act: (page) => page.getByText('invites you to Roadmap').waitFor() },
  { name: 'invite-ended', state: 'invite-ended', act: (page) => page.getByText('has ended').waitFor() },
  ...(['Requests', 'Reports', 'Banned', 'Audit trail'] as const).map((part) => ({
    name: `moderation-${part.split(' ')[0]?.toLowerCase()}`,
    state: 'running',
    act: async (page: Page) => {
      await page.getByRole('button', { name: 'Requests to join' }).click();
      await page.getByRole('tab', { name: part }).click();
      await page.getByRole('dialog').getByRole('listitem').first().waitFor();
    },
  })),
  {
    name: 'member-menu',
    state: 'running',
    act: (page) => page.getByRole('button', { name: 'What to do about Chidi Okafor' }).click(),
  },
  {
    name: 'ban',
    state: 'running',
    act: async (page) => {
      await page.getByRole('button', { name: 'What to do about Chidi Okafor' }).click();
      await page.getByRole('menuitem', { name: 'Ban' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'message-menu',
    state: 'busy',
    act: async (page) => {
      await page.getByText('Shall we ship it').click();
      await page.getByRole('button', { name: 'the message of Bo Lindberg' }).last().click();
    },
  },
  {
    name: 'report',
    state: 'busy',
    act: async (page) => {
      await page.getByText('Shall we ship it').click();
      await page.getByRole('button', { name: 'the message of Bo Lindberg' }).last().click();
      await page.getByRole('menuitem', { name: 'Report' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'invite-people',
    state: 'running',
    act: async (page) => {
      await page.getByRole('button', { name: 'Invite people' }).click();
      await page.getByLabel('Name', { exact: true }).fill('Fa');
      await page.getByText('Fatima Haddad').waitFor();
    },
  },
  {
    name: 'invite-link',
    state: 'running',
    act: async (page) => {
      await page.getByRole('button', { name: 'Invite people' }).click();
      await page.getByRole('tab', { name: 'Link' }).click();
      await page.getByRole('button', { name: 'Make a link' }).click();
      await page.getByLabel('Invitation link').waitFor();
    },
  },
  {
    name: 'invite-open',
    state: 'running',
    act: async (page) => {
      await page.getByRole('button', { name: 'Invite people' }).click();
      await page.getByRole('tab', { name: 'Open invitations' }).click();
      await page.getByText('8 more uses').waitFor();
    },
  },
  {
    name: 'keys',
    state: 'key-holder',
    act: async (page) => {
      await yourMenu(page, 'API keys');
      await page.getByText('hub_8Fk2').waitFor();
    },
  },
  {
    name: 'new-key',
    state: 'key-holder',
    act: async (page) => {
      await yourMenu(page, 'API keys');
      await page.getByRole('button', { name: 'New key' }).click();
      await page.getByRole('checkbox', { name: 'Design' }).check();
    },
  },
  {
    name: 'sign-out-unsent',
    state: 'failed',
    act: (page) => yourMenu(page, 'Sign out'),
  },
];

/** States that only serve a scene or a test of behaviour, and are no picture of their own. */
const notPictured = new Set([
  'invite',
  'key-holder',
  'invite-ended',
  'name-taken',
  'too-many-rooms',
  'sign-in-taken',
  'wrong-credentials',
  'account-holder',
  'huge',
  'long-unread',
]);

export const scenes: Scene[] = [
  ...Object.keys(states)
    .filter((state) => !notPictured.has(state))
    .map((state) => ({ name: state, state })),
  ...acted,
];
