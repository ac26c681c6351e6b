/** Reading: where a room opens, what moves and what stays, and what counts as read. */
import type { Page } from '@playwright/test';
import { design, messagesOf } from '../../web/screens/people-and-rooms.ts';
import { expect, setState, test } from './screens-test.ts';

const list = (page: Page) => page.getByRole('region', { name: 'Messages in Design' });
const fromEnd = (page: Page): Promise<number> =>
  list(page).evaluate((element) => element.scrollHeight - element.clientHeight - element.scrollTop);
const bo = { user_id: '0190a000-0000-7000-8000-000000000001', name: 'Bo Lindberg' };

/** Appends messages of somebody else to the open room, as they would arrive. */
async function arrive(page: Page, ...texts: string[]): Promise<void> {
  const shape = messagesOf(
    design,
    texts.map((text) => [bo, 0, text]),
  );
  await page.evaluate(
    ({ id, arrived }) => {
      const store = window.fake?.store;
      const room = store?.getState().conversations[id];
      if (store === undefined || room === undefined) return;
      const added = arrived.map((one, index) => {
        const seq = room.head + 1 + index;
        return { ...one, seq, message_id: `arrived-${seq}` };
      });
      const next = { ...room, messages: [...room.messages, ...added], head: room.head + added.length };
      store.setState(({ conversations, memberships }) => ({
        conversations: { ...conversations, [id]: next },
        memberships: {
          ...memberships,
          [id]: { role: 'member', last_read: 0, ...memberships[id], head: next.head },
        },
      }));
    },
    { id: design.id, arrived: shape },
  );
}

/** Scrolls as a wheel does, and waits until it is so. */
async function scrollTo(page: Page, top: number): Promise<void> {
  await list(page).evaluate(
    (element, to) =>
      new Promise<void>((done) => {
        element.scrollTop = to;
        requestAnimationFrame(() => requestAnimationFrame(() => done()));
      }),
    top,
  );
}

test('a room opens at its newest message', async ({ open }) => {
  const page = await open('busy');
  await expect(page.getByText('Shall we ship it on Thursday?')).toBeInViewport();
  expect(await fromEnd(page)).toBeLessThan(2);
});

test('a room opens at the "New" line when more is unread than fits', async ({ open }) => {
  const page = await open('long-unread');
  await expect(page.getByText('New', { exact: true })).toBeInViewport();
  await expect(page.getByText('701:')).toBeInViewport();
  expect(await fromEnd(page)).toBeGreaterThan(500);
});

test('what arrives while one looks on is not marked as new', async ({ open }) => {
  const page = await open('busy');
  await arrive(page, 'just now');
  await expect(list(page).getByText('just now')).toBeVisible();
  await expect(page.getByText('New', { exact: true })).toHaveCount(0);
});

test('a room that one comes back to opens where reading stopped', async ({ open }) => {
  const page = await open('long');
  await expect(page.getByText('800:')).toBeInViewport();
  await page.getByRole('link', { name: 'Lunch' }).click();
  await expect(page.getByLabel('Message Lunch')).toBeVisible();
  await arrive(page, ...Array.from({ length: 40 }, (_, index) => `missed ${index + 1}.`));
  await page.goBack();
  await expect(list(page).getByText('missed 1.', { exact: true })).toBeInViewport();
  await expect(page.getByText('New', { exact: true })).toBeInViewport();
});

test('what was on the screen counts as read', async ({ open }) => {
  const page = await open('unread');
  const lastRead = () =>
    page.evaluate((id) => window.fake?.store.getState().memberships[id]?.last_read, design.id);
  await expect.poll(lastRead).toBe(14);
  await arrive(page, 'one more');
  await expect.poll(lastRead).toBe(15);
});

test('a new message pushes from below while one is at the end', async ({ open }) => {
  const page = await open('busy');
  await arrive(page, 'first', 'second', 'third\n'.repeat(12));
  await expect(list(page).getByText('second', { exact: true })).toBeVisible();
  await expect.poll(() => fromEnd(page)).toBeLessThan(2);
});

test('a new message moves nothing while one reads above, and the pill counts it', async ({ open }) => {
  const page = await open('long');
  await scrollTo(page, 3_000);
  // The number of a message in the middle of what is seen.
  const number = await list(page).evaluate((element) => {
    const seen = [...element.querySelectorAll('li')].filter((item) => item.getBoundingClientRect().top > 300);
    return /(\d+): /u.exec(seen[0]?.textContent ?? '')?.[0];
  });
  const anchor = list(page).getByText(number ?? 'none');
  const before = await anchor.boundingBox();
  await arrive(page, 'below one', 'below two');
  const pill = page.getByRole('button', { name: '2 new messages' });
  await expect(pill).toBeVisible();
  expect(await anchor.boundingBox()).toEqual(before);
  await pill.click();
  await expect(list(page).getByText('below two')).toBeInViewport();
  await expect(pill).toBeHidden();
});

test('[LOG] older messages load while scrolling up, without a jump', async ({ open }) => {
  const page = await open('long');
  const firstSeq = () =>
    page.evaluate((id) => window.fake?.store.getState().conversations[id]?.messages[0]?.seq ?? 0, design.id);
  // Where one message comes to rest, next to how far the list was scrolled, step by step while older ones arrive.
  const worst = await list(page).evaluate(async (element, id) => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const topOf = (key: string) =>
      [...element.querySelectorAll('li')]
        .find((item) => item.textContent.includes(key))
        ?.getBoundingClientRect().top;
    let jump = 0;
    // Until older ones have come twice; how many frames that takes depends on the machine.
    const seen = () => window.fake?.store.getState().conversations[id]?.messages[0]?.seq ?? 0;
    for (let step = 0; step < 1_000 && (step < 110 || seen() > 500); step += 1) {
      const shown = [...element.querySelectorAll('li')].filter(
        (item) => item.getBoundingClientRect().top > 200,
      );
      const key = /\d+: .{8}/u.exec(shown[2]?.textContent ?? '')?.[0];
      const before = key === undefined ? undefined : topOf(key);
      const wish = Math.min(120, element.scrollTop);
      element.scrollTop -= wish;
      // A slow machine takes a few frames to lay out what arrived.
      let after: number | undefined;
      for (let still = 0, frames = 0; still < 3 && frames < 60; frames += 1) {
        await frame();
        const top = key === undefined ? undefined : topOf(key);
        still = top === after ? still + 1 : 0;
        after = top;
      }
      if (before !== undefined && after !== undefined) jump = Math.max(jump, Math.abs(after - before - wish));
    }
    return jump;
  }, design.id);
  expect(worst).toBeLessThan(3);
  expect(await firstSeq()).toBeLessThan(560);
});

test('the list stays at its end when it gets less room', async ({ open }) => {
  const page = await open('busy');
  await setState(page, { status: 'offline' });
  await expect(page.getByText('You are offline.').first()).toBeVisible();
  await expect.poll(() => fromEnd(page)).toBeLessThan(2);
  await page.getByLabel('Message Design').fill('line\n'.repeat(6));
  await expect.poll(() => fromEnd(page)).toBeLessThan(2);
});

test('a room of 100,000 messages renders only what is seen, at both ends', async ({ open }) => {
  const page = await open('huge');
  await expect(page.getByText('100000:')).toBeInViewport();
  expect(await page.getByRole('listitem').count()).toBeLessThan(120);
  await scrollTo(page, 0);
  await expect(page.getByText('The beginning of Design')).toBeInViewport();
  await expect(page.getByText(/^1: /)).toBeInViewport();
  await page.getByRole('button', { name: 'Jump to the newest' }).click();
  await expect(page.getByText('100000:')).toBeInViewport();
  expect(await page.getByRole('listitem').count()).toBeLessThan(120);
});

test('messages of users are text: markup is shown, links lead out safely', async ({ open }) => {
  const page = await open('busy');
  await arrive(page, '<img src=x onerror="window.hacked = 1"> <b>bold</b> https://a.example/?q=<script>');
  await expect(list(page).getByText('<b>bold</b>')).toBeVisible();
  expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
  const link = page.getByRole('link', { name: 'https://a.example/?q=' });
  await expect(link).toHaveAttribute('rel', 'noopener noreferrer nofollow');
  await expect(link).toHaveAttribute('target', '_blank');
});

test('a screen reader hears what others say, once, and not what it has itself opened', async ({ open }) => {
  const page = await open('busy');
  const log = page.getByRole('log');
  await expect(log).toBeEmpty();
  await arrive(page, 'good morning');
  await expect(log).toHaveText('Bo Lindberg: good morning');
  await arrive(page, 'a', 'b', 'c', 'd', 'e');
  await expect(log).toContainText('5 new messages');
});

test('[GONE] a room that is deleted while it is open says so, and shows nothing of it', async ({ open }) => {
  const page = await open('busy');
  await page.evaluate((id) => window.fake?.deleteRoom(id), design.id);
  await expect(page.getByRole('heading', { name: 'Design was deleted' })).toBeVisible();
  await expect(page.getByText('Shall we ship it on Thursday?')).toBeHidden();
  await page.getByRole('link', { name: 'See all rooms' }).click();
  await expect(page.getByRole('heading', { name: 'Choose a room' })).toBeVisible();
});

test('[ISO] somebody who is not in a room sees an invitation, and after joining the conversation', async ({
  open,
}) => {
  const page = await open('not-joined');
  await expect(
    page
      .getByRole('heading', { name: /You are not in Operations/ })
      .or(page.getByText('You are not in Operations')),
  ).toBeVisible();
  await expect(page.getByLabel('Message Operations')).toBeHidden();
  await page.getByRole('button', { name: 'Join room' }).click();
  await expect(page.getByLabel('Message Operations')).toBeVisible();
});
