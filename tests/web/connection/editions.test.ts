/** Messages that moderators removed, and histories that begin with one's joining: what the window shows of them. */
import { expect, test } from 'vitest';
import type { History, Message } from '../../../contract/messages.ts';
import { Arrivals } from '../../../web/connection/arrivals.ts';
import { Conversations } from '../../../web/connection/conversations.ts';
import { messageOf, roomId } from './samples.ts';
import { apiOf, settled, stateOf, Steered } from './steered.ts';

/** A room whose log is `server.messages`, opened once all of it was loaded. */
async function openRoom(messages: Message[], { first = 1, edition = 0 } = {}) {
  const time = new Steered();
  const store = stateOf({
    memberships: { [roomId]: { role: 'member', head: messages.at(-1)?.seq ?? first - 1, last_read: 0 } },
  });
  const server = { messages, first, edition };
  let reads = 0;
  const readMessages = async (
    _room: string,
    { before, after, limit }: { before?: number; after?: number; limit: number },
  ): Promise<History> => {
    reads += 1;
    const there = server.messages.filter(
      ({ seq }) => seq >= server.first && seq > (after ?? 0) && seq < (before ?? Number.POSITIVE_INFINITY),
    );
    const page = after === undefined ? there.slice(-limit) : there.slice(0, limit);
    const head = server.messages.at(-1)?.seq ?? server.first - 1;
    return { messages: page, head, edition: server.edition, first: server.first };
  };
  const around = { store, api: apiOf({ readMessages }), environment: time.environment };
  const nothing = (): void => undefined;
  const arrivals = new Arrivals(around, {
    onStranger: nothing,
    onHole: (id) => conversations.onHole(id),
    onSent: nothing,
    onOwn: nothing,
  });
  const conversations: Conversations = new Conversations(around, arrivals);
  conversations.open(roomId);
  await settled();
  return {
    conversations,
    arrivals,
    store,
    server,
    conversation: () => store.getState().conversations[roomId],
    contents: () => store.getState().conversations[roomId]?.messages.map(({ content }) => content),
    readsSince: (): number => {
      const since = reads;
      reads = 0;
      return since;
    },
  };
}

const three = [messageOf(1), messageOf(2), messageOf(3)];
const without = (messages: Message[], seq: number): Message[] =>
  messages.map((message) =>
    message.seq === seq ? { ...message, content: '', removed_at: '2026-06-01T12:00:00Z' } : message,
  );

test('a message that is removed while one looks on goes at once, and nothing is read again', async () => {
  const { conversations, contents, conversation, readsSince } = await openRoom(three);
  readsSince();
  conversations.remove(roomId, 2, 1);
  await settled();
  expect(contents()).toEqual(['message 1', '', 'message 3']);
  expect(conversation()?.messages[1]?.removed_at).toBeDefined();
  expect([conversation()?.edition, readsSince()]).toEqual([1, 0]);
});

test('a removal that follows one that was missed has the window read again', async () => {
  const { conversations, contents, conversation, server } = await openRoom(three);
  server.messages = without(without(three, 1), 3);
  server.edition = 2;
  conversations.remove(roomId, 3, 2);
  await settled();
  expect(contents()).toEqual(['', 'message 2', '']);
  expect(conversation()?.edition).toBe(2);
});

test('what was removed while one was away is gone when the room is caught up', async () => {
  const { conversations, contents, store, server } = await openRoom(three);
  server.messages = without(three, 1);
  server.edition = 1;
  store.setState(({ memberships }) => ({
    memberships: { [roomId]: { ...memberships[roomId]!, edition: 1 } },
  }));
  expect(await conversations.catchUpCurrent()).toBe(true);
  expect(contents()).toEqual(['', 'message 2', 'message 3']);
});

test('an edition that the service never answers with does not have it asked without an end', async () => {
  const { conversations, readsSince } = await openRoom(three);
  readsSince();
  conversations.remove(roomId, 2, 9);
  expect(await conversations.catchUpCurrent()).toBe(true);
  expect(readsSince()).toBe(3);
});

test('older messages of a later edition have the window read again', async () => {
  const long = Array.from({ length: 120 }, (_, index) => messageOf(index + 1));
  const { conversations, conversation, server } = await openRoom(long);
  const oldest = conversation()?.messages[0]?.seq ?? 0;
  expect(oldest).toBeGreaterThan(1);
  server.messages = without(long, 110);
  server.edition = 1;
  await conversations.loadOlder(roomId);
  await settled();
  expect(conversation()?.messages.find(({ seq }) => seq === 110)?.content).toBe('');
  expect(conversation()?.edition).toBe(1);
});

test('a history that begins with one’s joining is complete where it begins', async () => {
  const late = [messageOf(41), messageOf(42)];
  const { conversation } = await openRoom(late, { first: 41 });
  expect(conversation()).toMatchObject({ complete: true, first: 41 });
});

test('of a room that one has just joined there may be nothing to read, and what follows is shown', async () => {
  const { conversation, arrivals, contents } = await openRoom([], { first: 41 });
  expect(conversation()).toMatchObject({ complete: true, loading: { state: 'ready' } });
  arrivals.add([messageOf(41)]);
  arrivals.flush();
  expect(contents()).toEqual(['message 41']);
});
