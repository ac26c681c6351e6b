/** Which rooms one is in, while answers, messages and other devices cross each other. */
import { expect, test } from 'vitest';
import type { MyRoom, Room } from '../../../contract/rooms.ts';
import { Arrivals } from '../../../web/connection/arrivals.ts';
import { Memberships } from '../../../web/connection/memberships.ts';
import type { Conversation } from '../../../web/connection/model.ts';
import { Requests } from '../../../web/connection/requests.ts';
import { messageOf, roomId, roomOf } from './samples.ts';
import { alice, apiOf, refusal, sessionOf, stateOf, Steered } from './steered.ts';

const room = roomOf('Quay', { id: roomId });
const myRoom = (more: Partial<MyRoom> = {}): MyRoom => ({
  room,
  role: 'member',
  joined_at: room.created_at,
  last_read: 0,
  edition: 0,
  first: 1,
  head: 0,
  ...more,
});

function membershipsOf({ listed = [myRoom()], found = [room] }: { listed?: MyRoom[]; found?: Room[] } = {}) {
  const time = new Steered();
  const store = stateOf();
  const out: [string, string][] = [];
  const marked = new Map<string, number>();
  let beforeAnswer = (): void => undefined;
  const api = apiOf({
    listMyRooms: async () => {
      beforeAnswer();
      return { items: listed };
    },
    readRoom: async (id) => {
      const one = found.find((known) => known.id === id);
      if (one === undefined) throw refusal('room_not_found');
      return one;
    },
  });
  const around = { store, api, environment: time.environment };
  const nothing = (): void => undefined;
  const arrivals = new Arrivals(around, {
    onStranger: nothing,
    onHole: nothing,
    onSent: nothing,
    onOwn: nothing,
  });
  const requests: Requests = new Requests({
    environment: time.environment,
    send: async (_event, data) => {
      const { request_id } = data as { request_id: string };
      beforeAnswer();
      requests.answered({ type: 'room_joined', room, member_count: 2, head: 42, request_id });
    },
  });
  const memberships = new Memberships(around, {
    requests,
    heard: (id) => arrivals.heard(id),
    marked: (id) => marked.get(id) ?? 0,
    onOut: (id, gone) => out.push([id, gone]),
    onCreated: nothing,
  });
  return {
    memberships,
    arrivals,
    store,
    out,
    marked,
    listed,
    membership: () => store.getState().memberships[roomId],
    answerAfter: (run: () => void) => (beforeAnswer = run),
  };
}

test('[LOG] a message that overtakes the answer to a join counts', async () => {
  const { memberships, arrivals, membership, answerAfter } = membershipsOf();
  answerAfter(() => {
    arrivals.add([messageOf(43)]);
    arrivals.flush();
  });
  await memberships.join(roomId);
  expect(membership()?.head).toBe(43);
});

test('what the server knows to be unread stays unread after a join that was none', async () => {
  const { memberships, membership, listed } = membershipsOf({ listed: [] });
  await memberships.join(roomId);
  expect(membership()?.last_read).toBe(42);
  listed.push(myRoom({ last_read: 30, head: 42 }));
  await memberships.load();
  expect(membership()).toMatchObject({ last_read: 30, head: 42 });
});

test('what was read here and is not told yet stays read', async () => {
  const { memberships, membership, marked } = membershipsOf({ listed: [myRoom({ last_read: 3, head: 9 })] });
  marked.set(roomId, 7);
  await memberships.load();
  expect(membership()?.last_read).toBe(7);
});

test.each([
  ['left', [room]],
  ['deleted', []],
] as const)(
  '[GONE] a room that is not listed any more was %s, as asking for it tells',
  async (gone, found) => {
    const { memberships, membership, out, listed } = membershipsOf({ found: [...found] });
    await memberships.load();
    listed.pop();
    await memberships.load();
    expect(membership()).toBeUndefined();
    expect(out).toEqual([[roomId, gone]]);
  },
);

test('a room that is joined while an older list is on its way stays joined', async () => {
  const { memberships, membership, answerAfter } = membershipsOf({ listed: [] });
  let joined: Promise<void> | undefined;
  answerAfter(() => {
    answerAfter(() => undefined);
    joined = memberships.join(roomId);
  });
  await memberships.load();
  await joined;
  expect(membership()?.head).toBe(42);
});

test('a token that is renewed during a load does not undo the load', async () => {
  const { memberships, membership, store, answerAfter } = membershipsOf();
  answerAfter(() => store.setState({ session: sessionOf('renewed') }));
  await memberships.load();
  expect(membership()).toBeDefined();
  expect(store.getState().membershipsLoading.state).toBe('ready');
});

test('a message of one’s own leaves the outbox though one is in the room no more', () => {
  const { arrivals, store } = membershipsOf();
  const own = messageOf(1, { sender: alice.user_id });
  const waiting = { ...own, created_at: own.timestamp, state: 'sending' } as const;
  store.setState({ outbox: { [roomId]: [waiting] } });
  arrivals.add([own]);
  arrivals.flush();
  expect(store.getState().outbox[roomId]).toEqual([]);
});

test('a window that stands in the state has its place: what follows is added to it', () => {
  const { arrivals, store } = membershipsOf();
  const filled: Conversation = {
    messages: [messageOf(1), messageOf(2)],
    head: 2,
    complete: true,
    first: 1,
    edition: 0,
    loading: { state: 'ready' },
    loadingOlder: { state: 'idle' },
    read_until: 0,
  };
  store.setState({
    conversations: { [roomId]: filled },
    memberships: { [roomId]: { role: 'member', last_read: 0, head: 2 } },
  });
  arrivals.add([messageOf(3), messageOf(2)]);
  arrivals.flush();
  expect(store.getState().conversations[roomId]?.messages.map(({ seq }) => seq)).toEqual([1, 2, 3]);
});
