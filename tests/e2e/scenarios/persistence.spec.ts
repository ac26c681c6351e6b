/** Test 5 of the guide: everything is still there after a restart, of all parts, by the same data. */
import { startStack, type TestStack } from '../../support/stack.ts';
import { expect, Person, test } from '../people.ts';

const parts = ['storage', 'serviceBus', 'webPubSub', 'functions', 'page'] as const;
let own: TestStack;
test.beforeAll(async () => {
  own = await startStack({ only: [...parts] });
});
test.afterAll(() => own.stop());

test('test 5: rooms and messages outlive a restart of the whole stack, and one is still in them [LOG] [ACK]', async ({
  browser,
  unique,
}) => {
  const context = await browser.newContext({ baseURL: own.page });
  const alice = new Person(unique('Alice'), await context.newPage());
  await alice.signIn();
  const room = unique('Test Room');
  await alice.createRoom(room);
  await alice.send('kept');
  await expect(alice.message('kept')).toBeVisible();
  await expect(alice.page.getByText('Sending')).toHaveCount(0);

  await own.stack.stop();
  await own.stack.start();

  await alice.page.reload();
  await expect(alice.message('kept')).toBeVisible();
  await expect(alice.leaveButton(room)).toBeVisible();
  await alice.send('and on');
  await expect(alice.message('and on')).toBeVisible();
  await expect(alice.messages()).toContainText(['kept', 'and on']);
  await context.close();
});
