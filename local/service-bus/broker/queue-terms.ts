/** What a queue is told, and what it tells whoever takes its messages. */
import type { Lock } from './locks.ts';
import type { StoredMessage } from './message.ts';
import type { HeldSession } from './sessions.ts';

export interface QueueSettings {
  /** Milliseconds. */
  lockDuration: number;
  /** After so many attempts a message is a dead letter. */
  maxDeliveryCount: number;
  /** Milliseconds; the longest that a message lives here, whatever its sender says. */
  timeToLive: number;
  deadLetterOnExpiration: boolean;
  /** Messages belong to sessions, and are handed to whoever holds theirs. */
  requiresSession: boolean;
}

/** Writes into a message's content why it is a dead letter. */
export type Stamp = (content: Uint8Array, reason: string, description: string) => Uint8Array;

export interface Consumer {
  /** How many messages it takes now. */
  readonly credit: number;
  /** A message handed over without a lock is gone from the queue before it is given. */
  readonly locks: boolean;
  /** What it holds; only in a queue with sessions, and always there. */
  readonly session?: HeldSession | undefined;
  take(message: StoredMessage, lock: Lock | undefined): void;
}

/** How deferred messages are asked for. */
export interface Fetching {
  locks: boolean;
  session: HeldSession | undefined;
}

export interface Fetched {
  message: StoredMessage;
  lock: Lock | undefined;
}
