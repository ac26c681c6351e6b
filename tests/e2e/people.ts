/**
 * People at their browsers: each has a context (and so storage, tabs, a connection) of their own. Speaks of what a
 * person sees and does; only this file knows how the page names its controls.
 */
import {
  test as base,
  expect,
  type Browser,
  type BrowserContext,
  type Locator,
  type Page,
} from '@playwright/test';

export { expect };

export class Person {
  readonly name: string;
  readonly page: Page;
  readonly context: BrowserContext;

  constructor(name: string, page: Page) {
    this.name = name;
    this.page = page;
    this.context = page.context();
  }

  /** Opens the page and signs in; afterwards the list of rooms is there. */
  async signIn(path = '/'): Promise<void> {
    await this.page.goto(path);
    await this.page.getByRole('textbox', { name: 'Your name' }).fill(this.name);
    await this.page.getByRole('textbox', { name: 'Your name' }).press('Enter');
    await expect(this.page.getByLabel('Search rooms', { exact: true })).toBeVisible();
  }

  /** Makes an account, by the form of the first screen. */
  async register(email: string, password: string): Promise<void> {
    await this.page.goto('/');
    await this.page.getByRole('tab', { name: 'Register' }).click();
    await this.page.getByRole('textbox', { name: 'Your name' }).fill(this.name);
    await this.page.getByRole('textbox', { name: 'E-mail' }).fill(email);
    await this.page.getByLabel('Password').fill(password);
    await this.page.getByRole('button', { name: 'Create account' }).click();
    await expect(this.page.getByLabel('Search rooms', { exact: true })).toBeVisible();
  }

  async signInWithPassword(email: string, password: string): Promise<void> {
    await this.page.getByRole('tab', { name: 'Sign in' }).click();
    await this.page.getByRole('textbox', { name: 'E-mail' }).fill(email);
    await this.page.getByLabel('Password').fill(password);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
  }

  /** Chooses in one's own menu, at the foot of the list. */
  async choose(item: string): Promise<void> {
    await this.page.getByRole('button', { name: 'your menu' }).click();
    await this.page.getByRole('menuitem', { name: item }).click();
  }

  /** Chooses in the menu of somebody among the details of the room on the screen. */
  async about(name: string, item: string): Promise<void> {
    const menu = this.page.getByRole('button', { name: `What to do about ${name}`, exact: true });
    if (!(await menu.isVisible())) await this.openDetails();
    await menu.click();
    await this.page.getByRole('menuitem', { name: item }).click();
  }

  async openDetails(): Promise<void> {
    const show = this.page.getByRole('button', { name: 'Show details' });
    if (await show.isVisible()) await show.click();
    await expect(this.page.getByRole('complementary')).toBeVisible();
  }

  dialog(): Locator {
    return this.page.getByRole('dialog');
  }

  /** Invites somebody to the room on the screen. */
  async invite(name: string): Promise<void> {
    await this.openDetails();
    await this.page.getByRole('button', { name: 'Invite people' }).click();
    await this.dialog().getByRole('textbox', { name: 'Name' }).fill(name);
    await this.dialog()
      .getByRole('button', { name: `Invite ${name}` })
      .click();
    await expect(this.dialog().getByText('Invited', { exact: true })).toBeVisible();
    await this.page.keyboard.press('Escape');
  }

  async createRoom(name: string, description = '', kind?: 'By request' | 'Private'): Promise<void> {
    await this.page.getByRole('button', { name: 'Create a room' }).first().click();
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
    if (description !== '') await dialog.getByRole('textbox', { name: 'Description' }).fill(description);
    if (kind !== undefined) await dialog.getByRole('radio', { name: kind }).check();
    await dialog.getByRole('button', { name: 'Create room' }).click();
    await expect(this.heading(name)).toBeVisible();
  }

  /** The row of a room in the list. */
  room(name: string): Locator {
    return this.page.getByRole('link', { name: new RegExp(`^${name}\\b`) });
  }

  /** Narrows the list to a room: other tests make rooms, too. */
  async search(text: string): Promise<void> {
    await this.page.getByLabel('Search rooms', { exact: true }).fill(text);
  }

  async join(name: string): Promise<void> {
    await this.page
      .getByRole('button', { name: `Join ${name}`, exact: true })
      .first()
      .click();
    await expect(this.leaveButton(name)).toBeVisible();
  }

  leaveButton(name: string): Locator {
    return this.page.getByRole('button', { name: `Leave ${name}`, exact: true });
  }

  joinButton(name: string): Locator {
    return this.page.getByRole('button', { name: `Join ${name}`, exact: true });
  }

  async open(name: string): Promise<void> {
    await this.room(name).click();
    await expect(this.heading(name)).toBeVisible();
  }

  heading(name: string): Locator {
    return this.page.getByRole('heading', { name, exact: true });
  }

  composer(): Locator {
    return this.page.getByRole('textbox', { name: /^Message / });
  }

  async send(text: string): Promise<void> {
    await this.composer().fill(text);
    await this.composer().press('Enter');
  }

  /** The messages on the screen. */
  messages(): Locator {
    return this.page.getByRole('region', { name: /^Messages in / }).getByRole('listitem');
  }

  message(text: string): Locator {
    return this.messages().filter({ hasText: text });
  }
}

interface Fixtures {
  /** A person in a browser of their own, signed in. */
  newPerson: (name: string, options?: { path?: string }) => Promise<Person>;
  /** A person in a browser of their own, who has not come in yet. */
  newVisitor: (name: string) => Promise<Person>;
  /** A name that no other test uses. */
  unique: (name: string) => string;
}

async function openPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({
    baseURL: process.env['HUBBUB_PAGE']!,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  return context.newPage();
}

export const test = base.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the fixtures that are wanted from it
  unique: async ({}, use, info) => {
    const suffix = `${info.workerIndex}${info.testId.slice(-6)}`;
    await use((name) => `${name} ${suffix}`);
  },
  newVisitor: async ({ browser, unique }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (name) => {
      const page = await openPage(browser);
      contexts.push(page.context());
      return new Person(unique(name), page);
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
  newPerson: async ({ newVisitor }, use) => {
    await use(async (name, { path = '/' } = {}) => {
      const person = await newVisitor(name);
      await person.signIn(path);
      return person;
    });
  },
});
