/**
 * Who is in a room: joining and leaving, carried to their end from wherever they stopped. Access follows from the
 * `memberships` row alone; at worst a crash leaves a counted ghost, never an unseen reader.
 */
import { roomGroup } from '../../contract/names.ts';
import { limits, type Role, type Room } from '../../contract/rooms.ts';
import { authorise } from '../identity/permissions.ts';
import type { Principal } from '../identity/principal.ts';
import { removeIntent, writeIntent } from '../intents/intents.ts';
import { readHead } from '../messages/log.ts';
import { clock } from '../platform/clock.ts';
import { ProblemError } from '../platform/problem.ts';
import { WriteConflict } from '../platform/tables.ts';
import { joinConnections, leaveConnections, nameOf } from '../presence/presence.ts';
import { showRoom } from '../rooms/directory.ts';
import { readRoom, requireRoom } from '../rooms/rooms.ts';
import {
  changeMembers,
  deleteMembership,
  hasMemberRow,
  readMembership,
  readMemberships,
  writeMembership,
  type StoredMembership,
} from './store.ts';

export interface Joined {
  room: Room;
  /** The newest number, read after the connections were in the room's group. */
  head: number;
}

/** The caller's membership of a room. Throws `not_member`, or `room_not_found` where there is no room either. */
export async function requireMember(userId: string, roomId: string): Promise<StoredMembership> {
  const membership = await readMembership(userId, roomId);
  if (membership?.state === 'member') return membership;
  await requireRoom(roomId);
  authorise('publish', { member: false });
  throw new ProblemError('not_member', 'Join the room first.');
}

/** Joins, or finds that one is in already. Throws `room_not_found`, `too_many_rooms`. */
export async function join(principal: Pick<Principal, 'user_id' | 'name'>, roomId: string): Promise<Joined> {
  const { user_id: userId } = principal;
  const [room, known] = await Promise.all([requireRoom(roomId), readMembership(userId, roomId)]);
  if (known?.state !== 'member') {
    await requireRoomForMore(userId);
    const intent = await writeIntent({
      kind: 'join',
      room_id: roomId,
      user_id: userId,
      name: principal.name,
    });
    await beginJoin(principal, roomId, room.created_by === userId ? 'owner' : 'member');
    await finishJoin(userId, roomId, principal.name);
    void removeIntent(intent).catch(() => {});
  }
  await joinConnections(userId, roomGroup(roomId));
  // After the group: whatever is newer than this head reaches the connections by itself.
  const head = await readHead(roomId);
  return { room: await readRoom(roomId), head };
}

async function requireRoomForMore(userId: string): Promise<void> {
  const { rows } = await readMemberships(userId, { limit: limits.roomsPerPerson });
  if (rows.length < limits.roomsPerPerson) return;
  throw new ProblemError(
    'too_many_rooms',
    `You are in ${limits.roomsPerPerson} rooms. Leave one to join another.`,
  );
}

/** Sets the row to `joining`, from nothing or after a leave that is finished first. */
async function beginJoin(principal: { user_id: string }, roomId: string, role: Role): Promise<void> {
  const userId = principal.user_id;
  const head = await readHead(roomId);
  for (;;) {
    const known = await readMembership(userId, roomId);
    if (known?.state === 'member' || known?.state === 'joining') return;
    if (known?.state === 'leaving') await finishLeave(userId, roomId);
    const now = clock.now().toISOString();
    try {
      // What was said before one came does not count as unread.
      const row = { state: 'joining' as const, role, joined_at: now, last_read: head, used_at: now };
      await writeMembership({ userId, roomId }, row);
      return;
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
    }
  }
}

/** Carries a `joining` row to `member`, or away where the room is gone. Does nothing for any other state. */
export async function finishJoin(userId: string, roomId: string, name?: string): Promise<void> {
  const membership = await readMembership(userId, roomId);
  if (membership?.state !== 'joining') return;
  try {
    await countIn(roomId, { userId, name: name ?? (await nameOf(userId)), membership });
  } catch (error) {
    if (error instanceof ProblemError) await deleteMembership(membership).catch(ignoreConflict);
    throw error;
  }
  try {
    await writeMembership({ userId, roomId }, { ...valuesOf(membership), state: 'member' }, membership);
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
    // Somebody else moved it on. If that was a leave, it may have looked before we counted: undo.
    const now = await readMembership(userId, roomId);
    if (now === undefined || now.state === 'leaving') await countOut(roomId, userId);
  }
}

const valuesOf = ({ role, joined_at, last_read, used_at }: StoredMembership) => ({
  role,
  joined_at,
  last_read,
  used_at,
});

function ignoreConflict(error: unknown): void {
  if (!(error instanceof WriteConflict)) throw error;
}

/** Leaves, or finds that one is not in. Answers the count of those who stay. Throws `room_not_found`. */
export async function leave(userId: string, roomId: string): Promise<number> {
  await requireRoom(roomId);
  for (;;) {
    const known = await readMembership(userId, roomId);
    if (known === undefined) break;
    const intent = await writeIntent({ kind: 'leave', room_id: roomId, user_id: userId });
    if (known.state === 'joining') await finishJoin(userId, roomId);
    else if (known.state === 'member') {
      await writeMembership({ userId, roomId }, { ...valuesOf(known), state: 'leaving' }, known).catch(
        ignoreConflict,
      );
    }
    await finishLeave(userId, roomId);
    void removeIntent(intent).catch(() => {});
  }
  return (await readRoom(roomId)).member_count;
}

/** Carries a `leaving` row to its end: out of the groups, out of the count, gone. Else does nothing. */
export async function finishLeave(userId: string, roomId: string): Promise<void> {
  const membership = await readMembership(userId, roomId);
  if (membership?.state !== 'leaving') return;
  await leaveConnections(userId, roomGroup(roomId));
  await countOut(roomId, userId);
  await deleteMembership(membership).catch(ignoreConflict);
}

async function countIn(
  roomId: string,
  member: { userId: string; name: string; membership: StoredMembership },
): Promise<void> {
  const { role, joined_at } = member.membership;
  await changeCount(roomId, member.userId, {
    wanted: true,
    change: { add: member.userId, row: { name: member.name, role, joined_at } },
  });
}

async function countOut(roomId: string, userId: string): Promise<void> {
  try {
    await changeCount(roomId, userId, { wanted: false, change: { remove: userId } });
  } catch (error) {
    // A room that is gone counts nobody.
    if (!(error instanceof ProblemError)) throw error;
  }
}

/** Changes the member row and the count together, unless it is as wanted; shows the room with its new count. */
async function changeCount(
  roomId: string,
  userId: string,
  options: { wanted: boolean; change: Parameters<typeof changeMembers>[1] },
): Promise<void> {
  for (;;) {
    const room = await requireRoom(roomId);
    if ((await hasMemberRow(roomId, userId)) === options.wanted) return;
    try {
      await changeMembers(room, options.change);
      await showRoom(await readRoom(roomId));
      return;
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
      await clock.wait(clock.random() * 50);
    }
  }
}
