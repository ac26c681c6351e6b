/** A message as the broker sees it: what decides its fate, and content that it never looks into. */

/** A message on its way in. */
export interface Arrival {
  /** What duplicate detection compares; never empty, because the edge gives an id to a message without one. */
  id: string;
  /** The encoded message, opaque here. */
  content: Uint8Array;
  /** Milliseconds; absent means as long as the entity allows. */
  timeToLive?: number | undefined;
  /** Time at which it becomes available; absent or in the past means now. */
  scheduledFor?: number | undefined;
  /** The session that it belongs to. */
  session?: string | undefined;
  /** How often it was forwarded on its way here; absent means never. */
  hops?: number | undefined;
  /** The entity among whose dead letters it was before it was forwarded. */
  deadLetterSource?: string | undefined;
}

/** A deferred message is had by its number alone. */
export type MessageState = 'active' | 'deferred' | 'scheduled';

/** A message that an entity holds. Times are milliseconds since 1970. */
export interface StoredMessage {
  /** Its place in the entity, from 1. */
  sequence: number;
  /** The number it had where it was sent, before a topic or a schedule gave it another. */
  originalSequence: number;
  id: string;
  state: MessageState;
  enqueuedAt: number;
  /** As its sender asked, in milliseconds. */
  timeToLive: number | undefined;
  expiresAt: number | undefined;
  scheduledFor: number | undefined;
  /** How often it was handed out and not given back as if it had not been. */
  attempts: number;
  session: string | undefined;
  hops: number;
  deadLetterSource: string | undefined;
  content: Uint8Array;
}
