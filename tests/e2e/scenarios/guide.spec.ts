/** The five test scenarios of the guide that the product began from, each with people at their own browsers. */
import { expect, test } from '../people.ts';

test.describe('the guide', () => {
  test('test 1: a new room appears in the list of everybody, and its creator is in it [NAME]', async ({
    newPerson,
    unique,
  }) => {
    const [alice, bob] = await Promise.all([newPerson('Alice'), newPerson('Bob')]);
    const room = unique('Test Room');
    await bob.search(room);
    await alice.createRoom(room, 'A room for a test');

    await expect(alice.leaveButton(room)).toBeVisible();
    await expect(alice.composer()).toBeVisible();
    await expect(bob.room(room)).toContainText('1 member');
    await expect(bob.joinButton(room).first()).toBeVisible();
  });

  test('test 2: messages stay in their room [ISO]', async ({ newPerson, unique }) => {
    const [alice, bob] = await Promise.all([newPerson('Alice'), newPerson('Bob')]);
    await alice.createRoom(unique('Room A'));
    await bob.createRoom(unique('Room B'));
    await alice.send('Hello from A');
    await bob.send('Hello from B');

    await expect(alice.message('Hello from A')).toBeVisible();
    await expect(bob.message('Hello from B')).toBeVisible();
    await expect(alice.page.getByText('Hello from B')).toHaveCount(0);
    await expect(bob.page.getByText('Hello from A')).toHaveCount(0);
  });

  test('test 3: one person in two rooms sees the messages of both [ISO]', async ({ newPerson, unique }) => {
    const [alice, bob] = await Promise.all([newPerson('Alice'), newPerson('Bob')]);
    const [first, second] = [unique('First'), unique('Second')];
    await alice.createRoom(first);
    await alice.createRoom(second);
    for (const room of [first, second]) {
      await bob.search(room);
      await bob.join(room);
    }
    await bob.search('');
    await alice.open(first);
    await alice.send('to the first');
    await alice.open(second);
    await alice.send('to the second');

    await expect(bob.room(first)).toContainText('1 unread');
    await expect(bob.room(second)).toContainText('1 unread');
    await bob.open(first);
    await expect(bob.message('to the first')).toBeVisible();
    await bob.open(second);
    await expect(bob.message('to the second')).toBeVisible();
    await expect(bob.room(first)).not.toContainText('unread');
  });

  test('test 4: a deleted room vanishes for everybody, and who was in it is put out [GONE]', async ({
    newPerson,
    unique,
  }) => {
    const [alice, bob] = await Promise.all([newPerson('Alice'), newPerson('Bob')]);
    const room = unique('Temp Room');
    await alice.createRoom(room);
    await bob.search(room);
    await bob.join(room);
    await bob.open(room);
    await bob.send('still here');
    await expect(alice.message('still here')).toBeVisible();
    await expect(bob.page.getByRole('button', { name: `Delete ${room}` })).toHaveCount(0);

    await alice.page.getByRole('button', { name: `Delete ${room}` }).click();
    await alice.page.getByRole('dialog').getByRole('button', { name: 'Delete room' }).click();

    await expect(alice.room(room)).toHaveCount(0);
    await expect(bob.room(room)).toHaveCount(0);
    await expect(bob.composer()).toHaveCount(0);
    await expect(bob.page.getByText('was deleted').first()).toBeVisible();
  });
});
