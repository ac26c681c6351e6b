/** A room's history in pages. Numbers are dense, so a page is a range of them: one partition, one request. */
import type { History } from '../../contract/messages.ts';
import type { Caller } from '../identity/permissions.ts';
import { requireMember } from '../membership/access.ts';
import { readOpenLog } from './log.ts';
import { readMessages } from './store.ts';

/** Which messages: numbers above `after` and below `before`. With `after` the oldest of them, else the newest. */
export interface Window {
  before?: number | undefined;
  after?: number | undefined;
  /** At most this many. */
  limit: number;
}

/** A page for a member of the room. Throws `room_not_found`, `not_member`. */
export async function readHistory(caller: Caller, roomId: string, window: Window): Promise<History> {
  const [log, access] = await Promise.all([
    readOpenLog(roomId),
    requireMember('read_messages', caller, roomId),
  ]);
  const { head, edition = 0 } = log;
  const lowest = access.first - 1;
  // Forwards from what they may read; backwards down to it.
  const after = window.after === undefined ? undefined : Math.max(window.after, lowest);
  const { first, last } = range(head, { ...window, after });
  const messages = await readMessages(roomId, Math.max(first, access.first), last);
  return { messages, head, edition, first: access.first };
}

/** The first and last number of a page; the last is below the first where there is nothing. */
export function range(head: number, window: Window): { first: number; last: number } {
  const { before, after, limit } = window;
  const lowest = (after ?? 0) + 1;
  const highest = Math.min(head, (before ?? Infinity) - 1);
  return after === undefined
    ? { first: Math.max(lowest, highest - limit + 1), last: highest }
    : { first: lowest, last: Math.min(highest, lowest + limit - 1) };
}
