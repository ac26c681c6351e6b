/**
 * What came over the topic, and what it means: an announcement of ours, a message from outside, or nothing that can
 * be routed. Pure: does nothing about it.
 */
import { outsideMessage } from '../../contract/messages.ts';
import { ProblemError } from '../platform/problem.ts';
import { check } from '../platform/http.ts';
import { readAnnouncement, readJson, type Announcement } from './announcement.ts';
import type { Draft } from './log.ts';

/** A Service Bus message as it came. */
export interface Arrival {
  body: Buffer;
  contentType: string | undefined;
  /** As the sender or the broker gave it. */
  messageId: string | undefined;
  /** Unique in the topic, and the same at each redelivery. */
  position: string;
  properties: Record<string, string | number | boolean>;
}

export type RejectReason = 'no_room_id' | 'malformed' | 'room_not_found' | 'message_id_in_use';

export type Meaning =
  | Announcement
  | { kind: 'outside'; room_id: string; draft: Draft }
  | { kind: 'unroutable'; reason: RejectReason; description: string };

/** Never throws, whatever came. */
export function understand(arrival: Arrival): Meaning {
  const { body, properties } = arrival;
  const said = readAnnouncement(body, properties['signature']);
  if (said) return said;

  const roomId = properties['room_id'];
  if (roomId === undefined) return unroutable('no_room_id', 'The application property room_id is missing.');
  if (typeof roomId !== 'string' || !isRoomId(roomId)) {
    return unroutable('malformed', 'The application property room_id is not a UUID.');
  }
  const messageId = messageIdOf(arrival);
  if (!isMessageId(messageId)) {
    return unroutable('malformed', 'The message id must have 1 to 128 characters, none of them a control.');
  }
  try {
    const { content, sender } = check(outsideMessage, readJson(body));
    const draft = { message_id: messageId, content, sender: `service:${sender}`, sender_name: sender };
    return { kind: 'outside', room_id: roomId.toLowerCase(), draft };
  } catch (error) {
    if (error instanceof ProblemError) return unroutable('malformed', `Body: ${error.message}`);
    throw error;
  }
}

/** The application property under which a message from outside keeps its id when it is sent on (`postpone`). */
export const originalId = 'message_id';

function messageIdOf({ properties, messageId, position }: Arrival): string {
  const original = properties[originalId];
  return typeof original === 'string' ? original : messageId || `topic-${position}`;
}

const isRoomId = (text: string): boolean => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);

const isMessageId = (text: string): boolean =>
  text !== '' && text.length <= 128 && text.isWellFormed() && !/\p{Cc}/u.test(text);

const unroutable = (reason: RejectReason, description: string): Meaning => ({
  kind: 'unroutable',
  reason,
  description,
});
