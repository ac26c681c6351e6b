/** Publishing: what has to be so before somebody's message goes into the log of a room. */
import type { PublishBody, Published } from '../../contract/messages.ts';
import { requireYourself } from '../identity/permissions.ts';
import type { Principal } from '../identity/principal.ts';
import { takeTurn } from '../membership/pace.ts';
import { requireMember, requireVoice } from '../membership/access.ts';
import { newId } from '../platform/ids.ts';
import { ProblemError } from '../platform/problem.ts';
import { submit } from './lane.ts';
import type { Log } from './log.ts';
import { readNumber } from './store.ts';

/** Milliseconds after which a publish that finds no gap is told to come again. */
const patience = 5_000;

/**
 * Puts a message of the caller's into a room, and answers once it is stored and announced. The same again answers
 * the same. Throws `not_yourself`, `not_member`, `muted`, `slow_mode` and what `submit` throws.
 */
export async function publish(principal: Principal, body: PublishBody): Promise<Published> {
  requireYourself(body.sender, principal.user_id);
  const { room_id, content, message_id = newId() } = body;
  const draft = { message_id, content, sender: principal.user_id, sender_name: principal.name };
  const admitted = requireMember('publish', principal, room_id).then(requireVoice);
  const pace = (log: Log): Promise<void> => keepPace(principal.user_id, draft.message_id, { room_id, log });
  const message = await submit(room_id, draft, { admitted, pace, patience, announced: true });
  return { status: 'success', room: message.room_name, message_id, seq: message.seq };
}

/** In slow mode a member writes once in so many seconds. A repeat of what is stored waits for nothing. */
async function keepPace(
  userId: string,
  messageId: string,
  { room_id, log }: { room_id: string; log: Log },
): Promise<void> {
  const seconds = log.slow_mode_seconds ?? 0;
  if (seconds === 0) return;
  const wait = await takeTurn(userId, room_id, { messageId, seconds });
  if (wait === 0 || (await readNumber(room_id, messageId)) !== undefined) return;
  throw new ProblemError('slow_mode', `This room takes one message in ${seconds} seconds from each member.`, {
    retryAfterSeconds: wait,
  });
}
