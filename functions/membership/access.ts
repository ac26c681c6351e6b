/** Where a caller stands in a room, from what is stored; what follows from it is in `identity/permissions.ts`. */
import {
  authorise,
  may,
  type Caller,
  type MemberOperation,
  type Operation,
  type Standing,
} from '../identity/permissions.ts';
import { isInvited } from '../invitations/reading.ts';
import { isBanned } from '../moderation/reading.ts';
import { clock } from '../platform/clock.ts';
import { ProblemError } from '../platform/problem.ts';
import { kindOf, requireRoom, type StoredRoom } from '../rooms/rooms.ts';
import { readMembership, type StoredMembership } from './store.ts';

/** A member's way into a room; an API key has no membership of its own. */
export interface Access {
  standing: Standing;
  /** Until when they may not write, ISO 8601; '' where they may. A key is muted with who made it. */
  muted_until: string;
  /** The lowest number that they may read. */
  first: number;
  membership: StoredMembership | undefined;
}

/** What runs on the room's log, which says itself whether the room is there: spares a request where many wait. */
const onTheLog = new Set<Operation>(['publish', 'read_messages', 'mark_read']);

/**
 * For what only members may do, or moderators, or the owner: where the caller stands. Reads one row or two for who may.
 * Throws what `authorise` throws, and `room_not_found` where there is no room either.
 */
export async function requireMember(
  operation: MemberOperation,
  caller: Caller,
  roomId: string,
): Promise<Access> {
  if (caller.kind === 'service') {
    const room = await requireRoom(roomId);
    authorise(operation, caller, { roomId, kind: kindOf(room), standing: standingOfKey(caller, roomId) });
    const muted_until = caller.scope?.muted_until[roomId] ?? '';
    return { standing: 'member', muted_until, first: 1, membership: undefined };
  }
  const membership = await readMembership(caller.user_id, roomId);
  if (membership?.state === 'member') {
    // A membership outlives a deleted room for a while.
    if (!onTheLog.has(operation)) await requireRoom(roomId);
    const standing = membership.role;
    // A member may the same in rooms of every kind.
    authorise(operation, caller, { roomId, kind: 'private', standing });
    return { standing, muted_until: membership.muted_until ?? '', first: membership.first ?? 1, membership };
  }
  const room = await requireRoom(roomId);
  const standing = await standingOf(caller.user_id, room);
  authorise(operation, caller, { roomId, kind: kindOf(room), standing: below(standing) });
  // No outsider may do what is for members.
  throw new Error(`${operation} is open to ${standing}`);
}

/** Passes where no mute holds. Throws `muted`. */
export function requireVoice({ muted_until, membership }: Access): void {
  if (muted_until === '' || Date.parse(muted_until) <= clock.now().getTime()) return;
  const whom = membership ? 'you' : 'who made this key';
  throw new ProblemError('muted', `A moderator has muted ${whom} in this room for now. Reading goes on.`);
}

/** Who is on their way in or out is not in. */
const below = (standing: Standing): Standing =>
  standing === 'banned' || standing === 'invited' ? standing : 'outsider';

/** For what others may do as well: passes, or throws what `authorise` throws. Looks no further than it must. */
export async function requirePlace(operation: Operation, caller: Caller, room: StoredRoom): Promise<void> {
  const place = { roomId: room.partitionKey, kind: kindOf(room) };
  if (may(operation, caller, { ...place, standing: 'banned' })) return;
  const standing =
    caller.kind === 'service' ? standingOfKey(caller, place.roomId) : await standingOf(caller.user_id, room);
  authorise(operation, caller, { ...place, standing });
}

/** An API key is as a member of the rooms of its scope; it must not even learn which others there are. */
const standingOfKey = ({ scope }: Caller, roomId: string): Standing =>
  scope?.rooms.includes(roomId) ? 'member' : 'outsider';

/** Where a person stands in a room that is there. */
export async function standingOf(userId: string, room: StoredRoom): Promise<Standing> {
  const roomId = room.partitionKey;
  const [membership, banned, invited] = await Promise.all([
    readMembership(userId, roomId),
    isBanned(roomId, userId),
    isInvited(userId, roomId),
  ]);
  if (membership?.state === 'member') return membership.role;
  if (banned) return 'banned';
  return invited ? 'invited' : 'outsider';
}
