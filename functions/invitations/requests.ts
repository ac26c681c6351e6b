/** Requests to join a room that lets people in one by one. */
import type { JoinRequest } from '../../contract/invitations.ts';
import type { Principal } from '../identity/principal.ts';
import { requireMember, requirePlace, standingOf } from '../membership/access.ts';
import { join } from '../membership/membership.ts';
import { isBanned } from '../moderation/reading.ts';
import { clock } from '../platform/clock.ts';
import { ProblemError } from '../platform/problem.ts';
import { pushToUser } from '../realtime/push.ts';
import { requireRoom, retryOnChange } from '../rooms/rooms.ts';
import { tellWaiting } from '../rooms/waiting.ts';
import { deleteRequest, insertRequest, readRequest, readRequests, type RequestRow } from './store.ts';

/** Asks to be let in; twice is as once. Throws `already_member`, `banned`, `not_allowed` for rooms of other kinds. */
export async function requestToJoin(
  principal: Principal,
  roomId: string,
  note: string,
): Promise<JoinRequest> {
  const { user_id, name } = principal;
  const room = await requireRoom(roomId);
  await requirePlace('request_to_join', principal, room);
  if (['member', 'moderator', 'owner'].includes(await standingOf(user_id, room))) {
    throw new ProblemError('already_member', 'You are in this room already.');
  }
  const row = { user_id, name, note, requested_at: clock.now().toISOString() };
  const act = { action: 'join_requested' as const, by: user_id, by_name: name, reason: note };
  await retryOnChange(roomId, async (fresh) => {
    if (!(await readRequest(roomId, user_id))) await insertRequest(fresh, row, act);
  });
  await tellWaiting(roomId);
  return toRequest((await readRequest(roomId, user_id)) ?? row);
}

/**
 * Takes one's request back. One that is not there is no error, nor is a room: a room that has become private since is
 * not there for who waits, and the answer tells nothing of it.
 */
export async function withdraw({ user_id }: Principal, roomId: string): Promise<void> {
  if (!(await readRequest(roomId, user_id))) return;
  try {
    await end(roomId, user_id);
  } catch (error) {
    // It was deleted meanwhile, and the request with it.
    if (!(error instanceof ProblemError && error.code === 'room_not_found')) throw error;
  }
}

/** Who waits to be let in, the first first. Throws what `requireMember` throws. */
export async function listRequests(principal: Principal, roomId: string): Promise<JoinRequest[]> {
  await requireMember('decide_join_request', principal, roomId);
  const rows = await readRequests(roomId);
  return rows.map(toRequest).toSorted((left, right) => (left.requested_at < right.requested_at ? -1 : 1));
}

/** Lets somebody in who asked, or not. Throws `not_found` where they do not wait, `banned`, and what `join` throws. */
export async function decideRequest(
  principal: Principal,
  target: { roomId: string; userId: string },
  decision: 'admit' | 'refuse',
): Promise<void> {
  const { roomId, userId } = target;
  await requireMember('decide_join_request', principal, roomId);
  const row = await readRequest(roomId, userId);
  if (!row) throw new ProblemError('not_found', 'This person does not wait to be let in.');
  if (decision === 'admit' && (await isBanned(roomId, userId)))
    throw new ProblemError('banned', 'Lift the ban first.');
  // First in, then out of the waiting: who stops in between leaves them waiting, and in.
  if (decision === 'admit') {
    const { room, head } = await join({ user_id: userId, name: row.name }, roomId, { admitted: true });
    await pushToUser(userId, { type: 'you_joined', room, role: 'member', head });
  }
  await end(roomId, userId, {
    action: 'join_request_decided',
    by: principal.user_id,
    by_name: principal.name,
    target: userId,
    target_name: row.name,
    details: { decision },
  });
  if (decision === 'refuse') {
    const { name: room_name } = await requireRoom(roomId);
    await pushToUser(userId, { type: 'request_refused', room_id: roomId, room_name });
  }
}

async function end(roomId: string, userId: string, act?: Parameters<typeof deleteRequest>[2]): Promise<void> {
  await retryOnChange(roomId, async (room) => {
    if (await readRequest(roomId, userId)) await deleteRequest(room, userId, act);
  });
  await tellWaiting(roomId);
}

const toRequest = ({ user_id, name, note, requested_at }: RequestRow): JoinRequest => ({
  user_id,
  name,
  note,
  requested_at,
});
