/** Who comes into a room and who runs it, against the whole stack, with people at their own browsers. */
import { expect, test } from '../people.ts';

test('a private room is there for who is invited, and closes over who is removed, with the reason', async ({
  newPerson,
  unique,
}) => {
  const [alice, bob] = await Promise.all([newPerson('Alice'), newPerson('Bob')]);
  const room = unique('Secret');
  await alice.createRoom(room, 'Between us', 'Private');
  const address = new URL(alice.page.url()).pathname;
  await bob.page.goto(address);
  await expect(bob.page.getByText('There is no such room')).toBeVisible();

  await alice.invite(bob.name);
  const invitations = bob.page.getByRole('region', { name: 'Invitations' });
  await expect(invitations.getByText(room)).toBeVisible();
  await invitations.getByRole('button', { name: `Accept the invitation to ${room}` }).click();
  await bob.send('thank you for having me');
  await expect(alice.message('thank you for having me')).toBeVisible();
  await expect(invitations).toHaveCount(0);

  await alice.about(bob.name, 'Remove');
  await alice.dialog().getByRole('textbox', { name: 'Reason' }).fill('The project is over');
  await alice.dialog().getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(bob.page.getByRole('heading', { name: `You were removed from ${room}` })).toBeVisible();
  await expect(bob.page.getByText('The project is over')).toBeVisible();
  await expect(bob.composer()).toHaveCount(0);
  await expect(bob.room(room)).toHaveCount(0);
});

test('an invitation is declined, and a link of an invitation leads in once', async ({
  newPerson,
  unique,
}) => {
  const [alice, bob, carol] = await Promise.all([newPerson('Alice'), newPerson('Bob'), newPerson('Carol')]);
  const room = unique('By link');
  await alice.createRoom(room, '', 'Private');
  await alice.invite(bob.name);
  await bob.page.getByRole('button', { name: `Decline the invitation to ${room}` }).click();
  await expect(bob.page.getByRole('region', { name: 'Invitations' })).toHaveCount(0);

  await alice.page.getByRole('button', { name: 'Invite people' }).click();
  await alice.dialog().getByRole('tab', { name: 'Link' }).click();
  await alice.dialog().getByRole('button', { name: 'Make a link' }).click();
  const link = await alice.dialog().getByRole('textbox', { name: 'Invitation link' }).inputValue();
  await carol.page.goto(link);
  await carol.page.getByRole('button', { name: 'Join room', exact: true }).click();
  await expect(carol.heading(room)).toBeVisible();
  await expect(carol.composer()).toBeVisible();
  await bob.page.goto(link);
  await expect(bob.page.getByText('This invitation has ended')).toBeVisible();
});

test('somebody asks to join, a moderator sees it at once and lets them in', async ({ newPerson, unique }) => {
  const [alice, bob] = await Promise.all([newPerson('Alice'), newPerson('Bob')]);
  const room = unique('Ask first');
  await alice.createRoom(room, '', 'By request');
  await bob.search(room);
  await bob.page.getByRole('button', { name: `Ask to join ${room}`, exact: true }).click();
  await bob.page.getByRole('textbox', { name: 'A word to those who decide' }).fill('I can help');
  await bob.page.getByRole('button', { name: 'Ask to join', exact: true }).click();
  await expect(bob.page.getByText(`You asked to join ${room}`)).toBeVisible();

  await expect(alice.room(room)).toContainText('1 to decide');
  await alice.openDetails();
  await alice.page.getByRole('button', { name: 'Requests to join' }).click();
  await expect(alice.dialog().getByText('I can help')).toBeVisible();
  await alice
    .dialog()
    .getByRole('button', { name: `Let in ${bob.name}` })
    .click();
  await expect(bob.composer()).toBeVisible();
  await expect(bob.page.getByText(`You were let into ${room}`)).toBeVisible();
  await expect(alice.room(room)).not.toContainText('to decide');
});

test('somebody who asked to join takes it back, also once the room is private', async ({
  newPerson,
  unique,
}) => {
  const [alice, bob] = await Promise.all([newPerson('Alice'), newPerson('Bob')]);
  const room = unique('Closing');
  await alice.createRoom(room, '', 'By request');
  await bob.search(room);
  await bob.page.getByRole('button', { name: `Ask to join ${room}`, exact: true }).click();
  await bob.page.getByRole('button', { name: 'Ask to join', exact: true }).click();
  await expect(alice.room(room)).toContainText('1 to decide');
  await alice.page.getByRole('button', { name: 'Room menu' }).click();
  await alice.page.getByRole('menuitem', { name: 'Room settings' }).click();
  await alice.dialog().getByText('Private', { exact: true }).click();
  await alice.dialog().getByRole('button', { name: 'Save' }).click();
  await expect(alice.dialog()).toHaveCount(0);
  await bob.page.reload();
  await expect(bob.page.getByText('There is no such room')).toBeVisible();
  await bob.page.getByRole('button', { name: 'Withdraw' }).click();
  await expect(bob.page.getByRole('button', { name: 'Withdraw' })).toHaveCount(0);
  await expect(alice.room(room)).not.toContainText('to decide');
});

test('somebody who is banned is out at once, and cannot come back until the ban is lifted', async ({
  newPerson,
  unique,
}) => {
  const [alice, bob] = await Promise.all([newPerson('Alice'), newPerson('Bob')]);
  const room = unique('No spam');
  await alice.createRoom(room);
  await bob.search(room);
  await bob.join(room);
  await bob.open(room);
  await alice.about(bob.name, 'Ban');
  await alice.dialog().getByRole('textbox', { name: 'Reason' }).fill('Advertising');
  await alice.dialog().getByRole('button', { name: 'Ban', exact: true }).click();
  await expect(bob.page.getByRole('heading', { name: `You were banned from ${room}` })).toBeVisible();
  await expect(bob.page.getByText('Advertising')).toBeVisible();
  // The ban closed the connection; the page opens another by itself, for the rooms that are left.
  await bob.joinButton(room).first().click();
  await expect(bob.page.getByText('You are banned from this room.')).toBeVisible();

  await alice.page.getByRole('button', { name: 'Banned and muted' }).click();
  await alice
    .dialog()
    .getByRole('button', { name: `Lift the ban of ${bob.name}` })
    .click();
  await expect(alice.dialog().getByText('Nobody is banned.')).toBeVisible();
  await alice.dialog().getByRole('tab', { name: 'Audit trail' }).click();
  await expect(alice.dialog().getByText(`banned ${bob.name}`)).toBeVisible();
  await bob.join(room);
});

test('a moderator is appointed, mutes, removes a message and pins one; who is muted cannot write', async ({
  newPerson,
  unique,
}) => {
  const [alice, bob, carol] = await Promise.all([newPerson('Alice'), newPerson('Bob'), newPerson('Carol')]);
  const room = unique('Run by two');
  await alice.createRoom(room);
  for (const guest of [bob, carol]) {
    await guest.search(room);
    await guest.join(room);
    await guest.open(room);
  }
  await carol.send('buy my watches');
  await carol.send('the agenda is here');
  await alice.about(bob.name, 'Make a moderator');
  await expect(bob.page.getByText(`You are a moderator of ${room} now`)).toBeVisible();

  const messageMenu = async (text: string, item: string): Promise<void> => {
    await bob.message(text).hover();
    await bob.message(text).getByRole('button', { name: 'What to do about the message' }).click();
    await bob.page.getByRole('menuitem', { name: item }).click();
  };
  await messageMenu('the agenda is here', 'Pin');
  await expect(carol.page.getByRole('button', { name: 'Pinned:' })).toContainText('the agenda is here');
  await messageMenu('buy my watches', 'Remove');
  await bob.dialog().getByRole('button', { name: 'Remove message' }).click();
  await expect(carol.page.getByText('A moderator removed this message.')).toBeVisible();
  await expect(alice.page.getByText('buy my watches')).toHaveCount(0);

  await bob.about(carol.name, 'Mute');
  await bob.dialog().getByRole('button', { name: 'Mute', exact: true }).click();
  await expect(carol.page.getByText('You are muted in this room.')).toBeVisible();
  await expect(carol.composer()).toHaveCount(0);
  const muted = /Muted\. May write again/;
  await expect(bob.page.getByText(muted)).toBeVisible();
  await carol.openDetails();
  await expect(carol.page.getByText(muted)).toHaveCount(0);
  await bob.page.getByRole('button', { name: 'Banned and muted' }).click();
  await bob.dialog().getByRole('tab', { name: 'Muted' }).click();
  await bob
    .dialog()
    .getByRole('button', { name: `Lift the mute of ${carol.name}` })
    .click();
  await expect(carol.composer()).toBeVisible();
});

test('a message is reported and the report decided; whom one blocks is folded away', async ({
  newPerson,
  unique,
}) => {
  const [alice, bob, carol] = await Promise.all([newPerson('Alice'), newPerson('Bob'), newPerson('Carol')]);
  const room = unique('Reports');
  await alice.createRoom(room);
  for (const guest of [bob, carol]) {
    await guest.search(room);
    await guest.join(room);
    await guest.open(room);
  }
  await bob.send('something rude');
  const menu = async (item: string): Promise<void> => {
    await carol.message('something rude').hover();
    await carol
      .message('something rude')
      .getByRole('button', { name: 'What to do about the message' })
      .click();
    await carol.page.getByRole('menuitem', { name: item }).click();
  };
  await expect(carol.message('something rude')).toBeVisible();
  await menu('Report');
  await carol.dialog().getByRole('textbox', { name: 'What is wrong with it?' }).fill('Rude');
  await carol.dialog().getByRole('button', { name: 'Report', exact: true }).click();
  await menu('Block');
  await expect(carol.page.getByText('something rude')).toHaveCount(0);
  await carol.page.getByRole('button', { name: 'Show this message' }).click();
  await expect(carol.message('something rude')).toBeVisible();

  await expect(alice.room(room)).toContainText('1 to decide');
  await alice.openDetails();
  await alice.page.getByRole('complementary').getByRole('button', { name: 'Reports' }).click();
  await alice.dialog().getByRole('button', { name: 'Remove message' }).click();
  await expect(alice.dialog().getByText('No report waits for a decision.')).toBeVisible();
  await expect(bob.page.getByText('A moderator removed this message.')).toBeVisible();
});
