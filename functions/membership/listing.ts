/** What members see of membership: their own rooms with heads, the members of a room, and how far one has read. */
import type { Member, MyRoom } from '../../contract/rooms.ts';
import { may, type Caller } from '../identity/permissions.ts';
import { readOpenLog } from '../messages/log.ts';
import { mutesIn } from '../moderation/reading.ts';
import { readLooks } from '../people/profiles.ts';
import { clock } from '../platform/clock.ts';
import { ProblemError } from '../platform/problem.ts';
import { WriteConflict } from '../platform/tables.ts';
import { whoIsOnline } from '../presence/presence.ts';
import { kindOf, requireRoom, toRoom, waitingIn } from '../rooms/rooms.ts';
import { requireMember } from './access.ts';
import { changeMembership, readMembers, readMemberships, type StoredMembership } from './store.ts';

interface Paging {
  cursor?: string | undefined;
  limit: number;
}

/** A page of the caller's rooms, each with its newest number. */
export async function listMyRooms(
  userId: string,
  paging: Paging,
): Promise<{ rooms: MyRoom[]; cursor?: string }> {
  const after = paging.cursor === undefined ? undefined : checkCursor(paging.cursor, /^[0-9a-f-]{36}$/);
  const { rows, next } = await readMemberships(userId, { after, limit: paging.limit });
  const found = await Promise.all(rows.filter(({ state }) => state === 'member').map(toMyRoom));
  return { rooms: found.filter((room) => room !== undefined), ...(next !== undefined && { cursor: next }) };
}

async function toMyRoom(row: StoredMembership): Promise<MyRoom | undefined> {
  try {
    const [room, log] = await Promise.all([requireRoom(row.rowKey), readOpenLog(row.rowKey)]);
    const { role, joined_at, last_read, first = 1, muted_until = '' } = row;
    return {
      room: toRoom(room),
      role,
      joined_at,
      last_read,
      head: log.head,
      edition: log.edition ?? 0,
      first,
      ...(muted_until !== '' && { muted_until }),
      ...(role !== 'member' && { waiting: waitingIn(room) }),
    };
  } catch (error) {
    // Deleted, and not erased yet.
    if (error instanceof ProblemError) return undefined;
    throw error;
  }
}

/**
 * A page of a room's members, for members; who decides on mutes sees who is muted, and until when. Throws
 * `room_not_found`, `not_member`.
 */
export async function listMembers(
  caller: Caller,
  roomId: string,
  paging: Paging,
): Promise<{ members: Member[]; cursor?: string }> {
  const after =
    paging.cursor === undefined ? undefined : checkCursor(decode(paging.cursor), /^member_[^\p{Cc}]+$/u);
  const [room, { standing }] = await Promise.all([
    requireRoom(roomId),
    requireMember('list_members', caller, roomId),
  ]);
  const seesMutes = may('list_restrictions', caller, { roomId, kind: kindOf(room), standing });
  const [{ members, next }, mutes] = await Promise.all([
    readMembers(roomId, { after, limit: paging.limit }),
    seesMutes ? mutesIn(roomId) : new Map<string, string>(),
  ]);
  const ids = members.map(({ user_id }) => user_id);
  const [online, looks] = await Promise.all([whoIsOnline(ids), readLooks(ids)]);
  return {
    members: members.map((member, index) => {
      const { user_id } = member;
      const muted_until = mutes.get(user_id);
      return {
        ...member,
        online: online.has(user_id),
        avatar: '',
        status: '',
        ...looks[index],
        ...(muted_until !== undefined && { muted_until }),
      };
    }),
    ...(next !== undefined && { cursor: Buffer.from(next).toString('base64url') }),
  };
}

const decode = (cursor: string): string => Buffer.from(cursor, 'base64url').toString();

function checkCursor(cursor: string, shape: RegExp): string {
  if (shape.test(cursor)) return cursor;
  throw new ProblemError('bad_cursor', 'Use the cursor exactly as the Link of an earlier answer gives it.');
}

/** Everything up to `seq` is read. Only ever rises, and not above the head. Throws `not_member`, `room_not_found`. */
export async function markRead(caller: Caller, roomId: string, seq: number): Promise<number> {
  for (;;) {
    const [access, log] = await Promise.all([
      requireMember('mark_read', caller, roomId),
      readOpenLog(roomId),
    ]);
    // Nobody but a member marks anything.
    const membership = access.membership!;
    const last_read = Math.max(membership.last_read, Math.min(seq, log.head));
    if (last_read === membership.last_read) return last_read;
    try {
      await changeMembership(membership, { last_read, used_at: clock.now().toISOString() });
      return last_read;
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
    }
  }
}
