/** A lost connection, as people live through it: what they write is kept, what they miss is there afterwards. */
import type { Page, WebSocketRoute } from '@playwright/test';
import { expect, test, type Person } from '../people.ts';

/** A network cable to pull: cuts the page's socket and every request until it is plugged in again. */
class Cable {
  readonly #page: Page;
  #sockets: WebSocketRoute[] = [];
  #out = false;

  private constructor(page: Page) {
    this.#page = page;
  }

  static async of({ page }: Person): Promise<Cable> {
    const cable = new Cable(page);
    await page.routeWebSocket(/\/client\/hubs\//, (socket) => {
      if (cable.#out) return socket.close({ code: 4001 });
      cable.#sockets.push(socket);
      socket.connectToServer();
    });
    // The route applies to sockets that open from now on.
    await page.reload();
    return cable;
  }

  async pull(): Promise<void> {
    this.#out = true;
    await this.#page.context().setOffline(true);
    await Promise.all(this.#sockets.splice(0).map((socket) => socket.close({ code: 4001 })));
  }

  async plug(): Promise<void> {
    this.#out = false;
    await this.#page.context().setOffline(false);
  }
}

test('what one writes without a network appears at once, is marked, and arrives once and in order later [ACK] [LOG]', async ({
  newPerson,
  unique,
}) => {
  const [alice, bob] = await Promise.all([newPerson('Alice'), newPerson('Bob')]);
  const room = unique('Cable');
  await alice.createRoom(room);
  await bob.search(room);
  await bob.join(room);
  await bob.open(room);
  const cable = await Cable.of(alice);
  await expect(alice.composer()).toBeVisible();
  await alice.send('before');
  await expect(bob.message('before')).toBeVisible();

  await cable.pull();
  await expect(alice.page.getByText(/offline/i).first()).toBeVisible();
  for (const text of ['one', 'two', 'three']) await alice.send(text);
  await expect(alice.message('three')).toBeVisible();
  await bob.send('meanwhile');
  await expect(bob.message('meanwhile')).toBeVisible();
  await expect(alice.message('meanwhile')).toHaveCount(0);

  await cable.plug();
  await expect(bob.message('three')).toBeVisible();
  for (const person of [alice, bob]) {
    await expect(person.message('meanwhile')).toHaveCount(1);
    for (const text of ['before', 'one', 'two', 'three']) {
      await expect(person.messages().getByText(text, { exact: true })).toHaveCount(1);
    }
    await expect(person.messages()).toContainText(['before', 'meanwhile', 'one', 'two', 'three']);
  }
  await expect(alice.page.getByText(/offline|reconnecting|catching up/i)).toHaveCount(0);
});

test('what one writes without a network survives a reload of the page [ACK]', async ({
  newPerson,
  unique,
}) => {
  const [alice, bob] = await Promise.all([newPerson('Alice'), newPerson('Bob')]);
  const room = unique('Reload');
  await alice.createRoom(room);
  await bob.search(room);
  await bob.join(room);
  await bob.open(room);
  // Publishing alone is cut, so that the page itself can be loaded again.
  await alice.page.route('**/api/publish', (route) => route.abort());
  await alice.send('not yet');
  await expect(alice.message('not yet')).toBeVisible();
  await alice.page.reload();
  await expect(alice.message('not yet')).toBeVisible();
  await alice.page.unroute('**/api/publish');

  await expect(bob.message('not yet')).toBeVisible();
  await expect(alice.message('not yet')).toHaveCount(1);
});

test('a message that is refused says so, and can be discarded', async ({ newPerson, unique }) => {
  const alice = await newPerson('Alice');
  await alice.createRoom(unique('Refusals'));
  await alice.page.route('**/api/publish', (route) =>
    route.fulfill({
      status: 403,
      contentType: 'application/problem+json',
      headers: { 'access-control-allow-origin': '*' },
      body: JSON.stringify({
        type: 'urn:hubbub:problem:not_member',
        code: 'not_member',
        title: 'Only members may do this',
        status: 403,
        detail: 'Join the room first.',
      }),
    }),
  );
  await alice.send('nobody wants this');
  await expect(alice.page.getByText('Not sent')).toBeVisible();
  await alice.page.unroute('**/api/publish');
  await alice.page.getByRole('button', { name: 'Retry' }).click();
  await expect(alice.page.getByText('Not sent')).toHaveCount(0);
  await expect(alice.message('nobody wants this')).toHaveCount(1);
});
