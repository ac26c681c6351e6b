/** Unread counts, the line where one stopped reading, older messages, and links to rooms. */
import { expect, Person, test } from '../people.ts';

test('unread counts are the same on two devices of one person, and reading on one clears both', async ({
  newPerson,
  unique,
  browser,
}) => {
  const [alice, bob] = await Promise.all([newPerson('Alice'), newPerson('Bob')]);
  const room = unique('Unread');
  await alice.createRoom(room);
  await bob.search(room);
  await bob.join(room);
  await bob.search('');
  // The second device has the session of the first.
  const state = await bob.context.storageState();
  const context = await browser.newContext({ baseURL: process.env['HUBBUB_PAGE']!, storageState: state });
  const second = new Person(bob.name, await context.newPage());
  await second.page.goto('/');
  await expect(second.room(room)).toBeVisible();

  await bob.open(room);
  await alice.send('read before');
  await expect(bob.message('read before')).toBeVisible();
  await bob.page.goto('/');
  await second.page.reload();
  await expect(second.room(room)).not.toContainText('unread');

  for (const text of ['one', 'two', 'three']) await alice.send(text);
  await expect(bob.room(room)).toContainText('3 unread');
  await expect(second.room(room)).toContainText('3 unread');

  await second.open(room);
  await expect(second.message('three')).toBeVisible();
  await expect(second.page.getByText('New', { exact: true })).toBeVisible();
  await expect(second.room(room)).not.toContainText('unread');
  await bob.page.reload();
  await expect(bob.room(room)).not.toContainText('unread');
  await context.close();
});

test('older messages load while one scrolls up, down to the first [LOG]', async ({
  newPerson,
  unique,
  request,
}) => {
  const alice = await newPerson('Alice');
  const room = unique('Long');
  await alice.createRoom(room);
  const roomId = new URL(alice.page.url()).pathname.split('/').at(-1)!;
  const { token } = await alice.page.evaluate(() =>
    JSON.parse(localStorage.getItem('hubbub.session') ?? '{}'),
  );
  const headers = { authorization: `Bearer ${token}` };
  const count = 255;
  for (let from = 1; from <= count; from += 15) {
    await Promise.all(
      Array.from({ length: 15 }, (_, index) =>
        request.post(`${process.env['HUBBUB_API']}/publish`, {
          headers,
          data: { room_id: roomId, content: `line ${from + index}` },
        }),
      ),
    );
  }
  await alice.page.reload();
  const list = alice.page.getByRole('region', { name: /^Messages in / });
  await expect(alice.messages().last()).toBeVisible();
  await list.hover();
  const beginning = alice.page.getByText(`The beginning of ${room}`);
  await expect(async () => {
    await alice.page.mouse.wheel(0, -1_500);
    await expect(beginning).toBeInViewport({ timeout: 300 });
  }).toPass({ intervals: [50] });
  await expect(alice.message('line 1').first()).toBeVisible();
  // Only what is seen is rendered.
  expect(await alice.messages().count()).toBeLessThan(100);
});

test('a link to a room works for somebody who is not in it yet', async ({ newPerson, unique }) => {
  const alice = await newPerson('Alice');
  const room = unique('Linked');
  await alice.createRoom(room, 'Where the link leads');
  const path = new URL(alice.page.url()).pathname;

  const bob = await newPerson('Bob', { path });
  await expect(bob.heading(room)).toBeVisible();
  await expect(bob.composer()).toHaveCount(0);
  await bob.page.getByRole('main').getByRole('button', { name: /^Join/ }).click();
  await expect(bob.composer()).toBeVisible();
  await expect(alice.page.getByRole('main').getByText('2 members').first()).toBeVisible();
});

test('an address without a room says so, and leads back', async ({ newPerson }) => {
  const alice = await newPerson('Alice', { path: '/rooms/01a20700-0000-7000-8000-000000000000' });
  await expect(
    alice.page.getByRole('heading', { name: /not here|not found|no such|no room/i }),
  ).toBeVisible();
});

test('text of people is never HTML', async ({ newPerson, unique }) => {
  const alice = await newPerson('Alice');
  await alice.createRoom(unique('Markup'), '<img src=x onerror=alert(1)>');
  await alice.send('<b>bold</b> <script>alert(1)</script> https://example.org/path');
  await expect(alice.message('<b>bold</b> <script>alert(1)</script>')).toBeVisible();
  await expect(alice.messages().getByRole('link', { name: /example\.org/ })).toHaveAttribute(
    'rel',
    /noopener/,
  );
  await expect(alice.page.locator('main b')).toHaveCount(0);
});
