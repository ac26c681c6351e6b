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

  async createRoom(name: string, description = ''): Promise<void> {
    await this.page.getByRole('button', { name: 'Create a room' }).first().click();
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
    if (description !== '') await dialog.getByRole('textbox', { name: 'Description' }).fill(description);
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
  newPerson: async ({ browser, unique }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (name, { path = '/' } = {}) => {
      const page = await openPage(browser);
      contexts.push(page.context());
      const person = new Person(unique(name), page);
      await person.signIn(path);
      return person;
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
});
