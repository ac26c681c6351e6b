/** Rooms as they cross the wire: the list, one room, its members, and what a person is a member of. */
import * as z from 'zod/mini';
import { nameSchema, textSchema, timeSchema } from './text.ts';

export const limits = {
  roomName: 50,
  description: 500,
  message: 8_000,
  userName: 50,
  status: 100,
  /** Of a ban, a removal, a report; and the note with a request to join. */
  reason: 300,
  pins: 50,
  blocks: 1_000,
  pageOfReports: 100,
  pageOfAudit: 100,
  roomsPerPerson: 500,
  pageOfRooms: 200,
  pageOfMessages: 200,
  pageOfMembers: 200,
  pageOfMyRooms: 100,
  pageOfPeople: 20,
} as const;

/** `open`: listed, anybody joins. `by_request`: listed, a moderator lets one in. `private`: there only for who is in. */
export const roomKind = z.enum(['open', 'by_request', 'private']);
export type RoomKind = z.infer<typeof roomKind>;

/** What a new member sees of what was said before: all of it, or nothing. */
export const roomHistory = z.enum(['all', 'since_joining']);
export type RoomHistory = z.infer<typeof roomHistory>;

/** Seconds that a member waits between two messages; 0 for none. Moderators and the owner do not wait. */
const slowMode = z.int().check(z.minimum(0), z.maximum(3_600));

export const room = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  kind: roomKind,
  history: roomHistory,
  slow_mode_seconds: slowMode,
  created_by: z.string(),
  /** Who owns it now; '' for a room that nobody owns. */
  owner: z.string(),
  created_at: timeSchema,
  member_count: z.int().check(z.nonnegative()),
  /** Rises with every change of the room; of two copies the higher one is newer. */
  version: z.int(),
});
export type Room = z.infer<typeof room>;

export const createRoomBody = z.object({
  name: nameSchema(limits.roomName),
  description: z._default(textSchema(limits.description), ''),
  /** `open` where it is absent. */
  kind: z.optional(roomKind),
  /** `all` where it is absent. */
  history: z.optional(roomHistory),
  /** Chosen by the client, so that a repeat after a lost answer is the same room. */
  id: z.optional(z.uuid()),
  /** Tolerated if it is the caller. */
  created_by: z.optional(z.string()),
});
export type CreateRoomBody = z.infer<typeof createRoomBody>;

export const changeRoomBody = z.object({
  name: z.optional(nameSchema(limits.roomName)),
  description: z.optional(textSchema(limits.description)),
  kind: z.optional(roomKind),
  history: z.optional(roomHistory),
  slow_mode_seconds: z.optional(slowMode),
});
export type ChangeRoomBody = z.infer<typeof changeRoomBody>;

export const roomDeleted = z.object({ status: z.literal('deleted'), room_id: z.uuid() });

export const role = z.enum(['owner', 'moderator', 'member']);
export type Role = z.infer<typeof role>;

export const member = z.object({
  user_id: z.string(),
  name: z.string(),
  role,
  joined_at: timeSchema,
  online: z.boolean(),
  avatar: z.string(),
  status: z.string(),
  /** Until when they may not write; told to owner and moderators alone, absent for who may. */
  muted_until: z.optional(timeSchema),
});
export type Member = z.infer<typeof member>;

/** A room of the caller's. `last_read` counts as read; `head` is the newest number; unread is the difference. */
export const myRoom = z.object({
  room,
  role,
  joined_at: timeSchema,
  last_read: z.int().check(z.nonnegative()),
  head: z.int().check(z.nonnegative()),
  /** As in `history`. */
  edition: z.int().check(z.nonnegative()),
  first: z.int().check(z.positive()),
  muted_until: z.optional(timeSchema),
  /** For owner and moderators: how many requests to join and reports wait for a decision. */
  waiting: z.optional(z.object({ join_requests: z.int(), reports: z.int() })),
});
export type MyRoom = z.infer<typeof myRoom>;

export const readBody = z.object({ seq: z.int().check(z.nonnegative()) });
export const readAnswer = z.object({ last_read: z.int() });
