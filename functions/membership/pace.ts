/** Slow mode: when a member may write again. Kept in the membership, where every instance sees it. */
import { clock } from '../platform/clock.ts';
import { WriteConflict } from '../platform/tables.ts';
import { changeMembership, readMembership } from './store.ts';

/**
 * Takes the turn of a member for one message, in a room that takes one in `seconds` from each. Answers the seconds
 * that are left to wait, 0 where the turn is taken: also for the message that took the last one. Owner and
 * moderators never wait.
 */
export async function takeTurn(
  userId: string,
  roomId: string,
  { messageId, seconds }: { messageId: string; seconds: number },
): Promise<number> {
  for (;;) {
    const membership = await readMembership(userId, roomId);
    if (membership?.role !== 'member' || membership.sent_id === messageId) return 0;
    const now = clock.now();
    const next = membership.sent_at === undefined ? 0 : Date.parse(membership.sent_at) + seconds * 1_000;
    if (next > now.getTime()) return (next - now.getTime()) / 1_000;
    try {
      await changeMembership(membership, { sent_at: now.toISOString(), sent_id: messageId });
      return 0;
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
    }
  }
}
