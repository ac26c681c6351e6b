/** Steps of a conversation: a room, a connection, a message through everything and back, the history. */
import { randomUUID } from 'node:crypto';
import { negotiation } from '../../contract/identity.ts';
import { history, published } from '../../contract/messages.ts';
import { room } from '../../contract/rooms.ts';
import { listen, type Listener } from './listener.ts';
import type { Api } from './requests.ts';
import { StepFailure, type Done } from './step.ts';

export interface Talk {
  api: Api;
  token: string;
  /** Milliseconds until a connection is open, and until a message is back. */
  deadline: number;
}

/** The client chooses the id, so that a step that is tried again makes no second room. */
export async function createRoom({ api, token }: Talk, id: string): Promise<Done<void>> {
  const name = `Smoke ${id.slice(0, 8)}`;
  await api.expectJson('/rooms', {
    method: 'POST',
    token,
    body: { id, name, description: 'Made by npm run smoke, and deleted by it', kind: 'private' },
    status: 201,
    schema: room,
    look: 'storage: the role Storage Table Data Contributor of the app.',
  });
  return [`"${name}"`, undefined];
}

/** Opens a connection as the page does: an address of `/negotiate`, and Microsoft's client. */
export async function connect({ api, token, deadline }: Talk): Promise<Done<Listener>> {
  const { url } = await api.expectJson('/negotiate', {
    method: 'POST',
    token,
    status: 200,
    schema: negotiation,
    look: 'Web PubSub: the role Web PubSub Service Owner of the app.',
  });
  const listener = await listen(url, deadline);
  return [`to ${new URL(url).host}`, listener];
}

/** Sends through REST, and waits until the same message comes back over the connection. */
export async function sendAndReceive(
  { api, token, deadline }: Talk,
  roomId: string,
  listener: Listener,
): Promise<Done<string>> {
  const messageId = randomUUID();
  const began = performance.now();
  await api.expectJson('/publish', {
    method: 'POST',
    token,
    body: { room_id: roomId, content: 'Is everybody well?', message_id: messageId },
    status: 200,
    schema: published,
    look: 'Service Bus: the role Azure Service Bus Data Owner of the app; the log of `publish`.',
  });
  if (!(await listener.hears(messageId, deadline))) {
    throw new StepFailure({
      expected: `the message over the connection within ${deadline / 1000} s`,
      found: 'nothing, though it is stored and announced',
      look: 'the function that routes: its log, the dead letters of backend-subscription, the role on Web PubSub.',
      settles: true,
    });
  }
  return [`and received after ${Math.round(performance.now() - began)} ms`, messageId];
}

export async function readHistory(
  { api, token }: Talk,
  roomId: string,
  messageId: string,
): Promise<Done<void>> {
  const { messages } = await api.expectJson(`/rooms/${roomId}/messages?limit=10`, {
    token,
    status: 200,
    schema: history,
    look: 'storage; the log of `messages-read`.',
  });
  if (messages.some(({ message_id }) => message_id === messageId)) return ['has the message', undefined];
  throw new StepFailure({
    expected: `the message ${messageId}`,
    found: `${messages.length} messages without it`,
    look: 'the table rooms: the answer to publishing says that the message is stored.',
  });
}

export async function deleteRoom({ api, token }: Talk, roomId: string): Promise<Done<void>> {
  await api.expectStatus(`/rooms/${roomId}`, {
    method: 'DELETE',
    token,
    status: 200,
    look: 'the log of `rooms-delete`; the room is private and may stay.',
  });
  return ['the room is gone', undefined];
}
