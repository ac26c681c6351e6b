/** Publishing: what has to be so before somebody's message goes into the log of a room. */
import type { PublishBody, Published } from '../../contract/messages.ts';
import { requireYourself } from '../identity/permissions.ts';
import type { Principal } from '../identity/principal.ts';
import { requireMember } from '../membership/membership.ts';
import { newId } from '../platform/ids.ts';
import { submit } from './lane.ts';

/** Milliseconds after which a publish that finds no gap is told to come again. */
const patience = 5_000;

/**
 * Puts a message of the caller's into a room, and answers once it is stored and announced. The same again answers
 * the same. Throws `not_yourself`, `not_member` and what `submit` throws.
 */
export async function publish(principal: Principal, body: PublishBody): Promise<Published> {
  requireYourself(body.sender, principal.user_id);
  const { room_id, content, message_id = newId() } = body;
  const draft = { message_id, content, sender: principal.user_id, sender_name: principal.name };
  const admitted = requireMember('publish', principal.user_id, room_id);
  const message = await submit(room_id, draft, { admitted, patience, announced: true });
  return { status: 'success', room: message.room_name, message_id, seq: message.seq };
}
