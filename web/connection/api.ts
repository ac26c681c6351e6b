/** The calls that the data layer itself makes, as functions. Knows nothing of the state. */
import { invited, type Invited } from '../../contract/invitations.ts';
import { me, negotiation, session } from '../../contract/identity.ts';
import type { Me, Session } from '../../contract/identity.ts';
import { history, message, published } from '../../contract/messages.ts';
import type { History, Message, Published } from '../../contract/messages.ts';
import { limits, member, myRoom, readAnswer, room, type Member, type MyRoom } from '../../contract/rooms.ts';
import type { ChangeRoomBody, CreateRoomBody, Room } from '../../contract/rooms.ts';
import * as z from 'zod/mini';
import type { Http } from './http.ts';
import { block } from '../../contract/moderation.ts';
import type { Blocked, Page } from './model.ts';

export interface Api {
  /** With the token of an earlier session, the same guest renews it. */
  signIn(name: string, token?: string): Promise<Session>;
  /** A refresh token is good for one use: the answer has the next one. */
  refresh(refreshToken: string): Promise<Session>;
  /** Ends the session, or all of the person's. */
  signOut(refreshToken: string | undefined, everywhere: boolean): Promise<void>;
  me(): Promise<Me>;
  listBlocks(): Promise<Blocked[]>;
  block(userId: string): Promise<void>;
  unblock(userId: string): Promise<void>;
  listMyInvitations(): Promise<Invited[]>;
  answerInvitation(id: string, answer: 'accept' | 'decline'): Promise<void>;
  askToJoin(roomId: string, note: string): Promise<void>;
  withdraw(roomId: string): Promise<void>;
  listPins(roomId: string): Promise<Message[]>;
  negotiate(): Promise<string>;
  listRooms(query: string, next?: string): Promise<Page<Room>>;
  readRoom(roomId: string): Promise<Room>;
  createRoom(room: CreateRoomBody & { id: string }): Promise<Room>;
  changeRoom(roomId: string, change: ChangeRoomBody): Promise<Room>;
  deleteRoom(roomId: string): Promise<void>;
  listMembers(roomId: string, next?: string): Promise<Page<Member>>;
  listMyRooms(next?: string): Promise<Page<MyRoom>>;
  markRead(roomId: string, seq: number): Promise<number>;
  readMessages(roomId: string, window: { before?: number; after?: number; limit: number }): Promise<History>;
  publish(message: { room_id: string; content: string; message_id: string }): Promise<Published>;
}

export function createApi({ send, ask, page }: Http): Api {
  return {
    signIn: (name, renewed) => ask(session, 'POST', '/session', { body: { name }, token: renewed }),
    refresh: (refresh_token) =>
      ask(session, 'POST', '/auth/refresh', { body: { refresh_token }, token: undefined }),
    signOut: async (refresh_token, everywhere) =>
      void (await send('POST', '/auth/sign-out', { body: { refresh_token, everywhere } })),
    me: () => ask(me, 'GET', '/me'),
    listBlocks: () => ask(z.array(block), 'GET', '/me/blocks'),
    block: async (userId) => void (await send('PUT', `/me/blocks/${encodeURIComponent(userId)}`)),
    unblock: async (userId) => void (await send('DELETE', `/me/blocks/${encodeURIComponent(userId)}`)),
    listMyInvitations: () => ask(z.array(invited), 'GET', '/me/invitations'),
    answerInvitation: async (id, answer) =>
      void (await send('POST', `/me/invitations/${encodeURIComponent(id)}`, { body: { answer } })),
    askToJoin: async (roomId, note) =>
      void (await send('POST', `${roomPath(roomId)}/requests`, { body: { note } })),
    withdraw: async (roomId) => void (await send('DELETE', `${roomPath(roomId)}/requests/me`)),
    listPins: (roomId) => ask(z.array(message), 'GET', `${roomPath(roomId)}/pins`),
    negotiate: async () => (await ask(negotiation, 'POST', '/negotiate')).url,
    listRooms: (query, next) =>
      page(
        room,
        next ?? `/rooms?limit=${limits.pageOfRooms}${query && `&query=${encodeURIComponent(query)}`}`,
      ),
    readRoom: (roomId) => ask(room, 'GET', roomPath(roomId)),
    createRoom: (body) => ask(room, 'POST', '/rooms', { body }),
    changeRoom: (roomId, body) => ask(room, 'PATCH', roomPath(roomId), { body }),
    deleteRoom: async (roomId) => void (await send('DELETE', roomPath(roomId))),
    listMembers: (roomId, next) =>
      page(member, next ?? `${roomPath(roomId)}/members?limit=${limits.pageOfMembers}`),
    listMyRooms: (next) => page(myRoom, next ?? `/me/rooms?limit=${limits.pageOfMyRooms}`),
    markRead: async (roomId, seq) =>
      (await ask(readAnswer, 'PUT', `${roomPath(roomId)}/read`, { body: { seq } })).last_read,
    readMessages: (roomId, window) => {
      const query = new URLSearchParams(Object.entries(window).map(([key, value]) => [key, String(value)]));
      return ask(history, 'GET', `${roomPath(roomId)}/messages?${query}`);
    },
    // The trace of a message has its id, and so has every frame that it is delivered in.
    publish: (body) =>
      ask(published, 'POST', '/publish', { body, trace: body.message_id.replaceAll('-', '') }),
  };
}

const roomPath = (roomId: string): string => `/rooms/${encodeURIComponent(roomId)}`;
