/** A message as a row of the table `message`, and back. */
import type { MessageState, StoredMessage } from '../broker/message.ts';

export interface MessageRow {
  sequence: number;
  original_sequence: number;
  id: string;
  state: string;
  enqueued_at: number;
  time_to_live: number | null;
  expires_at: number | null;
  scheduled_for: number | null;
  attempts: number;
  session: string | null;
  hops: number;
  dead_letter_source: string | null;
  content: Uint8Array;
}

export function writeMessage(message: StoredMessage) {
  return {
    sequence: message.sequence,
    original_sequence: message.originalSequence,
    id: message.id,
    state: message.state,
    enqueued_at: message.enqueuedAt,
    time_to_live: message.timeToLive ?? null,
    expires_at: message.expiresAt ?? null,
    scheduled_for: message.scheduledFor ?? null,
    attempts: message.attempts,
    session: message.session ?? null,
    hops: message.hops,
    dead_letter_source: message.deadLetterSource ?? null,
    content: message.content,
  };
}

export function readMessage(row: MessageRow): StoredMessage {
  return {
    sequence: row.sequence,
    originalSequence: row.original_sequence,
    id: row.id,
    state: row.state as MessageState,
    enqueuedAt: row.enqueued_at,
    timeToLive: row.time_to_live ?? undefined,
    expiresAt: row.expires_at ?? undefined,
    scheduledFor: row.scheduled_for ?? undefined,
    attempts: row.attempts,
    session: row.session ?? undefined,
    hops: row.hops,
    deadLetterSource: row.dead_letter_source ?? undefined,
    content: row.content,
  };
}
