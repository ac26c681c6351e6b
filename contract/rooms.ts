/** Rooms as they cross the wire: the list, one room, its members, and what a person is a member of. */
import * as z from 'zod/mini';
import { nameSchema, textSchema, timeSchema } from './text.ts';

export const limits = {
  roomName: 50,
  description: 500,
  message: 8_000,
  userName: 50,
  roomsPerPerson: 500,
  pageOfRooms: 200,
  pageOfMessages: 200,
  pageOfMembers: 200,
  pageOfMyRooms: 100,
} as const;

export const room = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  created_by: z.string(),
  created_at: timeSchema,
  member_count: z.int().check(z.nonnegative()),
  /** Rises with every change of the room; of two copies the higher one is newer. */
  version: z.int(),
});
export type Room = z.infer<typeof room>;

export const createRoomBody = z.object({
  name: nameSchema(limits.roomName),
  description: z._default(textSchema(limits.description), ''),
  /** Chosen by the client, so that a repeat after a lost answer is the same room. */
  id: z.optional(z.uuid()),
  /** Tolerated if it is the caller. */
  created_by: z.optional(z.string()),
});
export type CreateRoomBody = z.infer<typeof createRoomBody>;

export const changeRoomBody = z.object({
  name: z.optional(nameSchema(limits.roomName)),
  description: z.optional(textSchema(limits.description)),
});
export type ChangeRoomBody = z.infer<typeof changeRoomBody>;

export const roomDeleted = z.object({ status: z.literal('deleted'), room_id: z.uuid() });

export const role = z.enum(['owner', 'member']);
export type Role = z.infer<typeof role>;

export const member = z.object({
  user_id: z.string(),
  name: z.string(),
  role,
  joined_at: timeSchema,
  online: z.boolean(),
});
export type Member = z.infer<typeof member>;

/** A room of the caller's. `last_read` counts as read; `head` is the newest number; unread is the difference. */
export const myRoom = z.object({
  room,
  role,
  joined_at: timeSchema,
  last_read: z.int().check(z.nonnegative()),
  head: z.int().check(z.nonnegative()),
});
export type MyRoom = z.infer<typeof myRoom>;

export const readBody = z.object({ seq: z.int().check(z.nonnegative()) });
export const readAnswer = z.object({ last_read: z.int() });
