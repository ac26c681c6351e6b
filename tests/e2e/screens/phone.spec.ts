/** On a phone: one pane at a time, everything large enough for a finger, nothing wider than the screen. */
import type { Page } from '@playwright/test';
import { expect, test } from './screens-test.ts';

test.use({ look: 'phone' });

test('the list and a room are one pane each, with a way back', async ({ open }) => {
  const page = await open('few-rooms');
  await page.getByRole('link', { name: 'General' }).click();
  await expect(page.getByLabel('Message General')).toBeVisible();
  await expect(page.getByLabel('Search rooms')).toBeHidden();
  await page.getByRole('link', { name: 'Back to rooms' }).click();
  await expect(page.getByLabel('Search rooms')).toBeVisible();
  await expect(page.getByLabel('Message General')).toBeHidden();
});

test('opening a room does not bring up the keyboard', async ({ open }) => {
  const page = await open('busy');
  await expect(page.getByLabel('Message Design')).toBeVisible();
  await expect(page.getByLabel('Message Design')).not.toBeFocused();
});

test('details are the whole page, and Back closes them', async ({ open }) => {
  const page = await open('busy');
  await page.getByRole('button', { name: 'Show details' }).click();
  const details = page.getByRole('complementary', { name: 'Details of Design' });
  expect((await details.boundingBox())?.width).toBe(390);
  await page.goBack();
  await expect(details).toHaveCount(0);
  await expect(page.getByLabel('Message Design')).toBeVisible();
});

const looked = ['sign-in', 'few-rooms', 'busy', 'failed', 'reconnecting', 'not-joined', 'details'];
const people = ['kinds', 'requested', 'invited', 'running', 'moderated', 'muted', 'removed'];
for (const state of [...looked, ...people]) {
  test(`${state}: what is pressed is at least 40 px, and nothing is cut off`, async ({ open }) => {
    const page = await open(state);
    expect(await tooSmall(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });
}

/** Controls that a finger would miss. Links within the words of a message are exempt, as in WCAG 2.5.8. */
function tooSmall(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, a, input, textarea')]
      .filter((control) => control.checkVisibility() && control.closest('[data-only-emoji]') === null)
      .map((control) => {
        // The box around a bare field is what one presses.
        const pressed = control.matches('search input, textarea')
          ? (control.parentElement ?? control)
          : control;
        return { control, box: pressed.getBoundingClientRect() };
      })
      .filter(({ box }) => box.height < 40 || box.width < 40)
      .map(({ control, box }) => `${control.outerHTML.slice(0, 80)} ${box.width} x ${box.height}`),
  );
}
