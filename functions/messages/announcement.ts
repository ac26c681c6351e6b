/**
 * Announcements: what the functions tell each other over the topic `backend-messages`, and how ours are told from
 * what other systems put there. Pure but for the signing key; sends and receives nothing.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod/mini';
import { message, type Message } from '../../contract/messages.ts';
import { room } from '../../contract/rooms.ts';
import { newId } from '../platform/ids.ts';
import type { OutgoingMessage } from '../platform/service-bus.ts';
import { settings } from '../platform/settings.ts';

/** A change of a room that the list of rooms shows. Of two changes of a room the higher version is newer. */
export const roomChange = z.object({
  room_id: z.uuid(),
  version: z.int(),
  room: z.optional(room),
  removed: z.optional(z.boolean()),
});
export type RoomChange = z.infer<typeof roomChange>;

const messagesAnnouncement = z.object({
  kind: z.literal('messages'),
  room_id: z.uuid(),
  seqs: z.array(z.int().check(z.positive())).check(z.minLength(1)),
  /** The messages themselves, while they fit; else they are read from the log. */
  messages: z.optional(z.array(message)),
});
const roomsAnnouncement = z.object({ kind: z.literal('rooms'), changes: z.array(roomChange) });

const announcement = z.discriminatedUnion('kind', [messagesAnnouncement, roomsAnnouncement]);
export type Announcement = z.infer<typeof announcement>;

/** A Standard namespace takes 256 KB with all properties; half of it leaves room for every encoding. */
const mostBytes = 128 * 1_024;

/** Says that these messages stand in the log of their room. */
export function ofMessages(roomId: string, messages: Message[]): Announcement {
  const seqs = messages.map(({ seq }) => seq);
  const whole: Announcement = { kind: 'messages', room_id: roomId, seqs, messages };
  return Buffer.byteLength(JSON.stringify(whole)) <= mostBytes ? whole : ofNumbers(roomId, seqs);
}

export const ofNumbers = (roomId: string, seqs: number[]): Announcement => ({
  kind: 'messages',
  room_id: roomId,
  seqs,
});

/** An announcement as a Service Bus message. */
export function toBusMessage(said: Announcement): OutgoingMessage {
  // Bytes, because the signature is of bytes.
  const body = Buffer.from(JSON.stringify(said));
  return {
    body,
    contentType: 'application/json',
    // Always a fresh one: duplicate detection would swallow a needed repeat, and whatever else it carries.
    messageId: newId(),
    applicationProperties: {
      signature: sign(body),
      ...(said.kind === 'messages' && { room_id: said.room_id }),
    },
  };
}

/**
 * The announcement in a body that came over the topic; undefined where it is none. Who may send to the topic could
 * imitate one: what is not signed by us is believed for its numbers only, which lead to what the log holds anyway.
 * (So is what was signed with a key that has been changed since, and nothing of it is lost.)
 */
export function readAnnouncement(body: Buffer, signature: unknown): Announcement | undefined {
  const said = z.safeParse(announcement, readJson(body));
  if (!said.success) return undefined;
  if (typeof signature === 'string' && isSame(signature, sign(body))) return said.data;
  return said.data.kind === 'messages' ? ofNumbers(said.data.room_id, said.data.seqs) : undefined;
}

/** What a body holds; undefined where that is not JSON. */
export function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

function sign(body: Buffer): string {
  // The label keeps this use of the key apart from its first one, signing session tokens.
  return createHmac('sha256', settings().SESSION_SIGNING_KEY)
    .update('announcement\n')
    .update(body)
    .digest('base64url');
}

function isSame(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
