/**
 * What crosses the open connection: closed unions, one for each direction.
 * A client ignores a `type` that it does not know; new fields may appear anywhere.
 */
import * as z from 'zod/mini';
import { invited } from './invitations.ts';
import { message } from './messages.ts';
import { problem } from './problems.ts';
import { limits, role, room } from './rooms.ts';
import { timeSchema } from './text.ts';

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

/** A room that is not in the list changed: to its members. */
export const roomChanged = z.object({ type: z.literal('room_changed'), room });
/** A message was removed by a moderator: whoever shows it shows that instead. `edition` as in `history`. */
export const messageRemoved = z.object({
  type: z.literal('message_removed'),
  room_id: z.uuid(),
  seq: z.int(),
  edition: z.int(),
});
export const pinsChanged = z.object({ type: z.literal('pins_changed'), room_id: z.uuid() });
/** To one person: they came into a room without this connection's asking: admitted, or by another device. */
export const youJoined = z.object({ type: z.literal('you_joined'), room, role, head: z.int() });
/** To one person: they are out, and why. */
export const youWereRemoved = z.object({
  type: z.literal('you_were_removed'),
  room_id: z.uuid(),
  room_name: z.string(),
  banned: z.boolean(),
  reason: z.string(),
  until: z.optional(timeSchema),
});
/** To one person: what they are in a room has changed: role, or until when they are muted. */
export const yourStanding = z.object({
  type: z.literal('your_standing'),
  room_id: z.uuid(),
  role,
  muted_until: z.optional(timeSchema),
});
/** To one person: they are invited, or an invitation of theirs has ended. */
export const youAreInvited = z.object({ type: z.literal('you_are_invited'), invitation: invited });
export const invitationEnded = z.object({ type: z.literal('invitation_ended'), id: z.uuid() });
/** To one person: they asked to be let into a room, and are not. */
export const requestRefused = z.object({
  type: z.literal('request_refused'),
  room_id: z.uuid(),
  room_name: z.string(),
});
/** To the moderators' own connections: how many wait for a decision. */
export const waiting = z.object({
  type: z.literal('waiting'),
  room_id: z.uuid(),
  join_requests: z.int(),
  reports: z.int(),
});

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
  roomChanged,
  messageRemoved,
  pinsChanged,
  youJoined,
  youWereRemoved,
  yourStanding,
  youAreInvited,
  invitationEnded,
  requestRefused,
  waiting,
]);
export type ServerFrame = z.infer<typeof serverFrame>;
export type RoomJoined = z.infer<typeof roomJoined>;
export type RoomLeft = z.infer<typeof roomLeft>;
export type RoomsList = z.infer<typeof roomsList>;
export type Refusal = z.infer<typeof refusal>;
export type RoomsUpdated = z.infer<typeof roomsUpdated>;
