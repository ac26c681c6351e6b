/**
 * What crosses the open connection: closed unions, one for each direction.
 * A client ignores a `type` that it does not know; new fields may appear anywhere.
 */
import * as z from 'zod/mini';
import { message } from './messages.ts';
import { problem } from './problems.ts';
import { limits, room } from './rooms.ts';

const requestId = z.optional(z.string().check(z.maxLength(128)));

/** Client to server: the data of each custom event. A plain WebSocket sends it as text, with `action`. */
export const clientEvents = {
  join: z.object({ room_id: z.uuid(), request_id: requestId }),
  leave: z.object({ room_id: z.uuid(), request_id: requestId }),
  list_rooms: z.object({
    limit: z._default(z.int().check(z.minimum(1), z.maximum(limits.pageOfRooms)), 100),
    cursor: z.optional(z.string()),
    request_id: requestId,
  }),
} as const;
export type ClientEventName = keyof typeof clientEvents;

/** `head` is the newest number, read after the connection is in the group: nothing falls between. */
export const roomJoined = z.object({
  type: z.literal('room_joined'),
  room,
  member_count: z.int(),
  head: z.int(),
  request_id: requestId,
});
export const roomLeft = z.object({
  type: z.literal('room_left'),
  room_id: z.uuid(),
  member_count: z.int(),
  request_id: requestId,
});
export const roomsList = z.object({
  type: z.literal('rooms_list'),
  rooms: z.array(room),
  next: z.optional(z.string()),
  request_id: requestId,
});
export const refusal = z.object({ type: z.literal('error'), problem, request_id: requestId });

export const messagesFrame = z.object({
  type: z.literal('messages'),
  room_id: z.uuid(),
  messages: z.array(message),
});
export const roomsUpdated = z.object({
  type: z.literal('rooms_updated'),
  rooms: z.array(room),
  removed: z.array(z.uuid()),
});
export const roomDeletedFrame = z.object({ type: z.literal('room_deleted'), room_id: z.uuid() });

/** Server to client: everything that arrives over the connection. */
export const serverFrame = z.discriminatedUnion('type', [
  message,
  messagesFrame,
  roomsUpdated,
  roomDeletedFrame,
  roomJoined,
  roomLeft,
  roomsList,
  refusal,
]);
export type ServerFrame = z.infer<typeof serverFrame>;
export type RoomJoined = z.infer<typeof roomJoined>;
export type RoomLeft = z.infer<typeof roomLeft>;
export type RoomsList = z.infer<typeof roomsList>;
export type Refusal = z.infer<typeof refusal>;
export type RoomsUpdated = z.infer<typeof roomsUpdated>;
