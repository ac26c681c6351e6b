/**
 * How messages stand together: what belongs to one block of a sender, where a day begins, where reading stopped.
 * Pure, and asked for one message at a time, so that a room of 100,000 costs no more than what is on the screen.
 */
import type { Message } from '../../contract/messages.ts';
import type { OutgoingMessage } from '../connection/model.ts';

/** What the list shows, acknowledged or not, in one shape. */
export interface Entry {
  /** The same before and after it is acknowledged, so that its row is too. */
  key: string;
  sender: string;
  senderName: string;
  /** ISO 8601. */
  time: string;
  content: string;
  /** A moderator removed it. */
  removed: boolean;
  /** Missing until it is acknowledged. */
  seq: number | undefined;
  outgoing: OutgoingMessage | undefined;
}

/** What stands above a message. */
export interface Above {
  /** It begins a day. */
  day: boolean;
  /** It is the first that was not read when the room was opened. */
  fresh: boolean;
  /** It begins a block: sender and time are said. */
  head: boolean;
}

/** One sender's messages within this time are one block. */
const blockMs = 5 * 60_000;

export function entryOf(message: Message): Entry {
  return {
    key: message.message_id,
    sender: message.sender,
    senderName: message.sender_name,
    time: message.timestamp,
    content: message.content,
    removed: message.removed_at !== undefined,
    seq: message.seq,
    outgoing: undefined,
  };
}

export function outgoingEntry(outgoing: OutgoingMessage, me: { user_id: string; name: string }): Entry {
  return {
    key: outgoing.message_id,
    sender: me.user_id,
    senderName: me.name,
    time: outgoing.created_at,
    content: outgoing.content,
    removed: false,
    seq: undefined,
    outgoing,
  };
}

/** @param readUntil the number up to which was read when the room was opened */
export function above(previous: Entry | undefined, entry: Entry, readUntil: number): Above {
  const day = previous === undefined || dayOf(previous.time) !== dayOf(entry.time);
  const fresh = readUntil > 0 && entry.seq === readUntil + 1;
  const apart =
    previous === undefined ||
    previous.sender !== entry.sender ||
    previous.senderName !== entry.senderName ||
    // The clocks of browser and server may differ: a message from before the last one is not far from it.
    Date.parse(entry.time) - Date.parse(previous.time) >= blockMs;
  return { day, fresh, head: day || fresh || apart };
}

/** The local day, as a text that is equal for equal days. */
function dayOf(time: string): string {
  return new Date(time).toDateString();
}
