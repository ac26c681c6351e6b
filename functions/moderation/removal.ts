/** Putting somebody out of a room: at once, with every connection that they have. */
import type { Room } from '../../contract/rooms.ts';
import type { Principal } from '../identity/principal.ts';
import { putOut } from '../membership/membership.ts';
import { ProblemError } from '../platform/problem.ts';
import { pushToUser } from '../realtime/push.ts';
import { readRoom } from '../rooms/rooms.ts';
import { actOn, requireOver, type Target } from './standing.ts';

/**
 * Removes a member, who may come again where the room lets them. When this answers none of their connections is in
 * the room's group. Throws `user_not_found` where they are no member, and what `requireOver` throws.
 */
export async function remove(principal: Principal, target: Target, reason: string): Promise<void> {
  const { roomId, userId } = target;
  const { name, standing } = await requireOver('remove_member', principal, target);
  if (standing === 'outsider') throw new ProblemError('user_not_found', 'This person is not in the room.');
  await putOut(userId, roomId, { act: actOn('member_removed', principal, { userId, name }, { reason }) });
  await tellRemoved(userId, await readRoom(roomId), { reason, banned: false });
}

/** Tells somebody on all their connections that they are out, and why. */
export async function tellRemoved(
  userId: string,
  room: Pick<Room, 'id' | 'name'>,
  why: { reason: string; banned: boolean; until?: string | undefined },
): Promise<void> {
  const { until, ...rest } = why;
  const frame = { type: 'you_were_removed', room_id: room.id, room_name: room.name, ...rest };
  await pushToUser(userId, until === undefined ? frame : { ...frame, until });
}
