/** Messages as they cross the wire, over REST, over Web PubSub and from outside over Service Bus. */
import * as z from 'zod/mini';
import { limits } from './rooms.ts';
import { textSchema, timeSchema } from './text.ts';

export const message = z.object({
  type: z.literal('message'),
  message_id: z.string(),
  /** 1, 2, 3 … in each room, without a gap. */
  seq: z.int().check(z.positive()),
  room_id: z.uuid(),
  room_name: z.string(),
  /** '' where a moderator removed it. */
  content: z.string(),
  /** When a moderator removed it. */
  removed_at: z.optional(timeSchema),
  /** The user id; `service:<sender>` for a message that a backend put on Service Bus. */
  sender: z.string(),
  /** The sender's name at the time. */
  sender_name: z.string(),
  timestamp: timeSchema,
});
export type Message = z.infer<typeof message>;

/** What people write: 1 to 8,000 code points of which one at least is visible. */
export const content = textSchema(limits.message).check(
  z.refine((text) => text.trim() !== '', 'must not be empty'),
);

export const publishBody = z.object({
  room_id: z.uuid(),
  content,
  /** Chosen by the client: a repeat with the same id, room, sender and content is the same message. */
  message_id: z.optional(z.uuid()),
  /** Tolerated if it is the caller. */
  sender: z.optional(z.string()),
});
export type PublishBody = z.infer<typeof publishBody>;

export const published = z.object({
  status: z.literal('success'),
  /** The room's name. */
  room: z.string(),
  message_id: z.string(),
  seq: z.int(),
});
export type Published = z.infer<typeof published>;

export const history = z.object({
  /** Numbers ascending. */
  messages: z.array(message),
  /** The newest number of the room, 0 while it is empty. */
  head: z.int().check(z.nonnegative()),
  /** How often messages of the room were removed; where it differs, what is shown is read again. */
  edition: z.int().check(z.nonnegative()),
  /** The lowest number that the caller may read. */
  first: z.int().check(z.positive()),
});
export type History = z.infer<typeof history>;

/** A message from outside, as a system with the right to send puts it on the topic. */
export const outsideMessage = z.object({
  content,
  sender: textSchema(128).check(z.refine((sender) => sender.trim() !== '', 'must not be empty')),
});
