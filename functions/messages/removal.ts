/** Removing a message: its number stays, so that the log has no gap; its content goes, everywhere. */
import type { Message } from '../../contract/messages.ts';
import { roomGroup } from '../../contract/names.ts';
import type { Principal } from '../identity/principal.ts';
import { requireMember } from '../membership/access.ts';
import { clock } from '../platform/clock.ts';
import { ProblemError } from '../platform/problem.ts';
import { pushToGroup } from '../realtime/push.ts';
import { onLog } from './log.ts';
import { isPinned } from './pins-store.ts';
import { blankMessage } from './removal-store.ts';
import { readMessages } from './store.ts';

/**
 * Removes message `seq` of a room, for its moderators, and tells everybody in it. Removing twice answers as once.
 * Throws `message_not_found`, `not_moderator`, `not_member`, `room_not_found`.
 */
export async function removeMessage(
  principal: Principal,
  target: { roomId: string; seq: number },
  reason: string,
): Promise<Message> {
  const { roomId, seq } = target;
  await requireMember('remove_message', principal, roomId);
  const edition = await onLog(roomId, async (log) => {
    const message = await requireMessage(roomId, seq);
    if (message.removed_at !== undefined) return log.edition ?? 0;
    const act = {
      action: 'message_removed' as const,
      by: principal.user_id,
      by_name: principal.name,
      target: message.sender,
      target_name: message.sender_name,
      reason,
      details: { seq },
    };
    const removed_at = clock.now().toISOString();
    return blankMessage(roomId, log, { seq, removed_at, pinned: await isPinned(roomId, seq), act });
  });
  await pushToGroup(roomGroup(roomId), { type: 'message_removed', room_id: roomId, seq, edition });
  return requireMessage(roomId, seq);
}

/** A message by its number, from `first` on. Throws `message_not_found`. */
export async function requireMessage(roomId: string, seq: number, first = 1): Promise<Message> {
  const [message] = seq < first ? [] : await readMessages(roomId, seq, seq);
  if (message) return message;
  throw new ProblemError('message_not_found', 'This room has no message with this number.');
}
