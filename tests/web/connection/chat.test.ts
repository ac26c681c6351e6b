/** The whole data layer against the whole local stack: people who chat, and a network that does not keep still. */
import { isDeepStrictEqual } from 'node:util';
import { v7 as newId } from 'uuid';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startStack, type TestStack } from '../../support/stack.ts';
import { until } from '../../support/until.ts';
import { Device, type Disk } from './device.ts';

let stack: TestStack;
const devices: Device[] = [];
let people = 0;

beforeAll(async () => {
  stack = await startStack({ changes: { settings: { LIMITS: 'off' } } });
}, 120_000);
afterEach(() => {
  for (const device of devices.splice(0)) device.client.stop();
});
afterAll(() => stack.stop());

function device(disk?: Disk): Device {
  const made = new Device(stack.api, disk);
  devices.push(made);
  return made;
}

async function person(): Promise<Device> {
  people += 1;
  return device().signIn(`person ${people}`);
}

/** Two people in a room of the first one's, both with the room on screen. */
async function twoInARoom(): Promise<[Device, Device, string]> {
  const [host, guest] = await Promise.all([person(), person()]);
  const { id } = await host.client.createRoom({ name: `Room ${newId()}`, description: '' });
  await guest.client.join(id);
  for (const { client } of [host, guest]) client.openRoom(id);
  await until(() => [host, guest].every((one) => one.conversation(id).loading.state === 'ready'));
  return [host, guest, id];
}

const publishOf = (one: Device, roomId: string) => (content: string) =>
  fetch(`${stack.api}/publish`, {
    method: 'POST',
    headers: { authorization: `Bearer ${one.state.session!.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ room_id: roomId, content }),
  }).then((response) => expect(response.status).toBe(200));

test('[LOG] two people who write at once see the same conversation, each their own words in their order', async () => {
  const [host, guest, room] = await twoInARoom();
  for (let count = 1; count <= 10; count += 1) {
    host.client.send(room, `host ${count}`);
    guest.client.send(room, `guest ${count}`);
  }
  expect(host.state.outbox[room]).toHaveLength(10);
  await until(() => [host, guest].every((one) => one.texts(room).length === 20));
  expect(host.texts(room)).toEqual(guest.texts(room));
  const own = host.texts(room).filter((text) => text.startsWith('host'));
  expect(own).toEqual(Array.from({ length: 10 }, (_, index) => `host ${index + 1}`));
  expect([...host.state.outbox[room]!, ...guest.state.outbox[room]!]).toEqual([]);
  // At first each has made its own messages from the acknowledgements, by its own clock.
  await until(() => isDeepStrictEqual(host.conversation(room).messages, guest.conversation(room).messages));
});

test('[LOG] at every moment a message is shown once: as outgoing or as sent', async () => {
  const [host, , room] = await twoInARoom();
  const seen: string[][] = [];
  host.client.store.subscribe(({ conversations, outbox }) => {
    const shown = conversations[room]?.messages.map(({ message_id }) => message_id) ?? [];
    seen.push([...shown, ...(outbox[room] ?? []).map(({ message_id }) => message_id)]);
  });
  for (let count = 1; count <= 5; count += 1) host.client.send(room, `word ${count}`);
  await until(() => host.texts(room).length === 5 && host.state.outbox[room]?.length === 0);
  const whole = seen.at(-1)!;
  for (const ids of seen) expect(ids).toEqual(whole.slice(0, ids.length));
  expect(new Set(whole).size).toBe(5);
});

test('[LOG] frames that are lost on the way are asked for', async () => {
  const [host, guest, room] = await twoInARoom();
  guest.loses = (frame) => frame.includes('"two"') || frame.includes('"three"');
  for (const text of ['one', 'two', 'three', 'four']) await publishOf(host, room)(text);
  await until(() => guest.texts(room).length === 4);
  expect(guest.texts(room)).toEqual(['one', 'two', 'three', 'four']);
});

test('[LOG] a dropped socket is recovered, and nothing that was said meanwhile is missing', async () => {
  const [host, guest, room] = await twoInARoom();
  await guest.cut();
  expect(guest.state.status).toBe('offline');
  await publishOf(host, room)('said meanwhile');
  guest.mend();
  await guest.untilOnline();
  await until(() => guest.texts(room).length === 1);
});

test('[LOG] Web PubSub dies and comes back: who was there catches up, and hears what is said then', async () => {
  const [host, guest, room] = await twoInARoom();
  stack.stack.part('webPubSub').kill();
  await until(() => [host, guest].every(({ state }) => state.status === 'reconnecting'));
  host.client.send(room, 'while it is away');
  await until(() => host.texts(room).length === 1);
  await stack.stack.startPart('webPubSub');
  await Promise.all([host.untilOnline(), guest.untilOnline()]);
  expect(guest.texts(room)).toEqual(['while it is away']);
  guest.client.send(room, 'heard');
  await until(() => host.texts(room).length === 2);
});

test('[ACK] what is written without a network is sent once when it is back, also after a reload', async () => {
  const [host, guest, room] = await twoInARoom();
  await guest.cut();
  expect(guest.state.status).toBe('offline');
  guest.client.send(room, 'first');
  guest.client.send(room, 'second');
  guest.client.stop();
  const reloaded = device(guest.disk);
  await until(() => reloaded.state.outbox[room]?.length === 2 || host.texts(room).length === 2);
  await until(() => host.texts(room).length === 2);
  expect(host.texts(room)).toEqual(['first', 'second']);
  await until(() => (reloaded.state.outbox[room]?.length ?? 0) === 0);
  const again = device(guest.disk);
  await again.untilOnline();
  expect(again.state.outbox).toEqual({});
});

test('what was missed in great number is not loaded but for the newest page; the rest loads upwards', async () => {
  const [host, guest, room] = await twoInARoom();
  await publishOf(host, room)('the first of all');
  await until(() => guest.texts(room).length === 1);
  await guest.cut();
  expect(guest.state.status).toBe('offline');
  // Giving the connection up, so that it cannot be recovered with all that it had missed.
  guest.client.retryNow();
  const words = Array.from({ length: 430 }, (_, index) => `word ${index}`);
  for (let from = 0; from < words.length; from += 48) {
    await Promise.all(words.slice(from, from + 48).map(publishOf(host, room)));
  }
  guest.mend();
  await until(() => guest.conversation(room).messages.at(-1)?.seq === 431);
  const { messages, complete } = guest.conversation(room);
  expect(messages.length).toBeLessThanOrEqual(200);
  expect(complete).toBe(false);
  while (!guest.conversation(room).complete) await guest.client.loadOlder(room);
  expect(guest.conversation(room).messages.map(({ seq }) => seq)).toEqual(
    Array.from({ length: 431 }, (_, index) => index + 1),
  );
});

test('[ISO] who has left hears nothing more, and everything again after coming back', async () => {
  const [host, guest, room] = await twoInARoom();
  await guest.client.leave(room);
  expect(guest.conversation(room).gone).toBe('left');
  expect(guest.state.memberships[room]).toBeUndefined();
  await publishOf(host, room)('not for the guest');
  await guest.client.join(room);
  guest.client.openRoom(room);
  await publishOf(host, room)('for both');
  await until(() => guest.texts(room).length === 2);
});

test('[GONE] a deleted room vanishes for all who have it open, and stays away', async () => {
  const [host, guest, room] = await twoInARoom();
  guest.client.setDraft(room, 'half a sentence');
  await host.client.deleteRoom(room);
  await until(() => guest.conversation(room).gone === 'deleted');
  for (const one of [host, guest]) {
    await until(() => one.state.rooms[room] === undefined && !one.state.directory.ids.includes(room));
  }
  guest.fire('wake');
  await expect(guest.client.findRoom(room)).rejects.toMatchObject({ problem: { code: 'room_not_found' } });
  expect(guest.state.rooms[room]).toBeUndefined();
});

test('a refused message says why, waits for the person, and holds nobody up', async () => {
  const [host, guest, room] = await twoInARoom();
  const elsewhere = device(guest.disk);
  await elsewhere.untilOnline();
  await elsewhere.client.leave(room);
  guest.client.send(room, 'as a stranger');
  await until(() => guest.state.outbox[room]?.[0]?.state === 'failed');
  const failed = guest.state.outbox[room]![0]!;
  expect(failed.problem?.code).toBe('not_member');
  await guest.client.join(room);
  guest.client.retry(room, failed.message_id);
  await until(() => host.texts(room).includes('as a stranger'));
  expect(guest.state.outbox[room]).toEqual([]);
});

test('a new room stands in everybody’s list at its place, and moves when it is renamed', async () => {
  const [host, guest] = await Promise.all([person(), person()]);
  const [first, last] = [`aa ${newId()}`, `zz ${newId()}`];
  const { id } = await host.client.createRoom({ name: first, description: '' });
  await until(() => guest.state.directory.ids[0] === id);
  await host.client.changeRoom(id, { name: last });
  await until(() => guest.state.rooms[id]?.name === last);
  expect(guest.state.directory.ids.indexOf(id)).toBeGreaterThan(0);
  guest.client.searchRooms(last.slice(0, 12).toUpperCase());
  await until(() => guest.state.directory.query !== '');
  expect(guest.state.directory.ids).toEqual([id]);
});

test('a name that is taken is refused, and nothing is left of the try', async () => {
  const host = await person();
  const name = `taken ${newId()}`;
  await host.client.createRoom({ name, description: '' });
  const before = Object.keys(host.state.memberships);
  await expect(host.client.createRoom({ name, description: '' })).rejects.toMatchObject({
    problem: { code: 'name_taken' },
  });
  expect(Object.keys(host.state.memberships)).toEqual(before);
});

test('what was read on one device is read on the other, and one’s own words count as read', async () => {
  const [host, guest, room] = await twoInARoom();
  const phone = device(guest.disk);
  await phone.untilOnline();
  await publishOf(host, room)('unread');
  await until(() => phone.state.memberships[room]?.head === 1);
  expect(phone.state.memberships[room]?.last_read).toBe(0);
  guest.client.markRead(room, 1);
  guest.client.send(room, 'my own');
  await until(() => guest.state.memberships[room]?.last_read === 2);
  await until(async () => {
    const fresh = await fetch(`${stack.api}/me/rooms`, {
      headers: { authorization: `Bearer ${guest.state.session!.token}` },
    });
    const rooms = (await fresh.json()) as { room: { id: string }; last_read: number }[];
    return rooms.find((one) => one.room.id === room)?.last_read === 2;
  });
  phone.client.retryNow();
  await until(() => phone.state.memberships[room]?.last_read === 2);
});

test('a room that one joins on another device shows up here once something is said there', async () => {
  const [host, guest] = await Promise.all([person(), person()]);
  const { id } = await host.client.createRoom({ name: `Room ${newId()}`, description: '' });
  const phone = device(guest.disk);
  await phone.untilOnline();
  await phone.client.join(id);
  await publishOf(host, id)('hello');
  await until(() => guest.state.memberships[id]?.head === 1);
});

test('signing out in one tab forgets everything in the other', async () => {
  const [, guest, room] = await twoInARoom();
  const tab = device(guest.disk);
  await tab.untilOnline();
  tab.client.setDraft(room, 'half a sentence');
  await tab.client.signOut();
  guest.fire('storage');
  for (const { state } of [tab, guest]) {
    expect(state.session).toBeUndefined();
    expect([state.rooms, state.conversations, state.outbox, state.drafts]).toEqual([{}, {}, {}, {}]);
  }
});

test('a session that the server refuses ends, and says why', async () => {
  const guest = await person();
  const forged = { ...guest.state.session!, token: `${guest.state.session!.token}x` };
  guest.disk.storage.setItem('hubbub.session', JSON.stringify(forged));
  const later = device(guest.disk);
  await until(() => later.state.session === undefined);
  expect(later.state.ended?.code).toBe('unauthenticated');
  expect(guest.disk.storage.getItem('hubbub.session')).toBeNull();
});

test('who looks at a room without a network is told so, and is not online before it is caught up', async () => {
  const [host, guest, room] = await twoInARoom();
  guest.goOffline();
  expect(guest.state.status).toBe('offline');
  await guest.cut();
  guest.client.retryNow();
  await publishOf(host, room)('said meanwhile');
  let refused = 0;
  guest.refuses = (address) => address.includes('/messages') && (refused += 1) < 3;
  const whenOnline: number[] = [];
  guest.client.store.subscribe(({ status, conversations }) => {
    if (status === 'online') whenOnline.push(conversations[room]!.messages.length);
  });
  guest.mend();
  await guest.untilOnline();
  expect(refused).toBeGreaterThanOrEqual(3);
  expect(whenOnline[0]).toBe(1);
});

test('without Web PubSub one can still sign in, read and write', async () => {
  const [host, , room] = await twoInARoom();
  await publishOf(host, room)('before');
  stack.stack.part('webPubSub').kill();
  const later = device(host.disk);
  await until(() => later.state.membershipsLoading.state === 'ready' && later.state.directory.ids.length > 0);
  expect(later.state.status).toBe('connecting');
  expect(later.state.retry_at).toBeGreaterThan(Date.now() - 60_000);
  later.client.openRoom(room);
  later.client.send(room, 'without a connection');
  await until(() => later.texts(room).length === 2);
  expect(later.texts(room)).toEqual(['before', 'without a connection']);
  await stack.stack.startPart('webPubSub');
  later.client.retryNow();
  await later.untilOnline();
});
