/**
 * Who is in a room: joining and leaving. Access follows from the `memberships` row alone; the count and the groups
 * of the connections follow it (`settle.ts`). At worst a crash leaves a counted ghost, never an unseen reader.
 */
import { limits, type Role, type Room } from '../../contract/rooms.ts';
import { authorise, type MemberOperation } from '../identity/permissions.ts';
import { removeIntent, renewIntent, writeIntent, type IntentHandle } from '../intents/intents.ts';
import { readHead } from '../messages/log.ts';
import { clock } from '../platform/clock.ts';
import { ProblemError } from '../platform/problem.ts';
import { WriteConflict } from '../platform/tables.ts';
import { showRoom } from '../rooms/directory.ts';
import { readRoom, requireRoom } from '../rooms/rooms.ts';
import { settle, type Person } from './settle.ts';
import {
  changeMembership,
  deleteMembershipOf,
  insertMembership,
  readMembership,
  readMemberships,
  type StoredMembership,
} from './store.ts';

export type { Person } from './settle.ts';

export interface Joined {
  room: Room;
  /** The newest number, read after the connections were in the room's group. */
  head: number;
}

/**
 * The caller's membership of a room, for what only members may do. Throws `not_member`, or `room_not_found` where
 * there is no room either.
 */
export async function requireMember(
  operation: MemberOperation,
  userId: string,
  roomId: string,
): Promise<StoredMembership> {
  const found = await readMembership(userId, roomId);
  const membership = found?.state === 'member' ? found : undefined;
  if (!membership) await requireRoom(roomId);
  authorise(operation, { member: membership !== undefined });
  // For who is no member, every such operation was refused.
  return membership!;
}

/** Joins, or finds that one is in already. Throws `room_not_found`, `too_many_rooms`. */
export async function join(person: Person, roomId: string): Promise<Joined> {
  const { user_id } = person;
  const [before, known] = await Promise.all([requireRoom(roomId), readMembership(user_id, roomId)]);
  authorise('join_room', {});
  // Also for who is in already: their connections may have to join the group, which must not be left half done.
  const intent = await writeIntent({ kind: 'join', room_id: roomId, ...person });
  try {
    if (known?.state !== 'member') {
      await beginJoin(user_id, roomId, before.created_by === user_id ? 'owner' : 'member');
      await renewIntent(intent);
    }
    await settle(person, roomId);
    // After the group: whatever is newer than this head reaches the connections by itself.
    const [head, room] = await Promise.all([readHead(roomId), readRoom(roomId)]);
    conclude([intent], room.version > before.version ? room : undefined);
    return { room, head };
  } catch (error) {
    if (error instanceof ProblemError) conclude([intent]);
    throw error;
  }
}

/** Sets the row to `joining`, from nothing or after a leave that is finished first. Throws `too_many_rooms`. */
export async function beginJoin(userId: string, roomId: string, role: Role): Promise<StoredMembership> {
  const [last_read] = await Promise.all([readHead(roomId), requireSpace(userId, roomId)]);
  for (;;) {
    const now = clock.now().toISOString();
    try {
      // What was said before one came does not count as unread.
      const row = { state: 'joining' as const, role, joined_at: now, last_read, used_at: now };
      return await insertMembership(userId, roomId, row);
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
    }
    const known = await readMembership(userId, roomId);
    if (known?.state === 'leaving') await settle({ user_id: userId }, roomId);
    else if (known) return known;
  }
}

async function requireSpace(userId: string, roomId: string): Promise<void> {
  const { rows } = await readMemberships(userId, { limit: limits.roomsPerPerson });
  if (rows.length < limits.roomsPerPerson || rows.some(({ rowKey }) => rowKey === roomId)) return;
  const detail = `You are in ${limits.roomsPerPerson} rooms. Leave one to join another.`;
  throw new ProblemError('too_many_rooms', detail);
}

/** Leaves, or finds that one is not in. Answers the count of those who stay. Throws `room_not_found`. */
export async function leave(userId: string, roomId: string): Promise<number> {
  const [before, known] = await Promise.all([requireRoom(roomId), readMembership(userId, roomId)]);
  authorise('leave_room', {});
  if (!known) return before.member_count;
  const intents = await beginLeave(userId, known);
  await settle({ user_id: userId }, roomId);
  try {
    const room = await readRoom(roomId);
    conclude(intents, room);
    return room.member_count;
  } catch (error) {
    if (error instanceof ProblemError) conclude(intents);
    throw error;
  }
}

/** Sets the row to `leaving`. Answers an intent for each attempt. */
async function beginLeave(userId: string, known: StoredMembership): Promise<IntentHandle[]> {
  const room_id = known.rowKey;
  const intents: IntentHandle[] = [];
  for (
    let fresh: StoredMembership | undefined = known;
    fresh;
    fresh = await readMembership(userId, room_id)
  ) {
    intents.push(await writeIntent({ kind: 'leave', room_id, user_id: userId }));
    if (fresh.state === 'leaving') break;
    try {
      await changeMembership(fresh, { state: 'leaving' });
      break;
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
    }
  }
  return intents;
}

/**
 * Shows the room's new count and removes the intents, while the answer is on its way already: it says nothing of the
 * list, and an intent that stays makes up for it.
 */
function conclude(intents: IntentHandle[], changed?: Room): void {
  const shown = changed ? showRoom(changed) : Promise.resolve();
  void shown.then(() => Promise.all(intents.map(removeIntent))).catch(() => {});
}

/** Removes a membership of a room that is gone, whatever it says. */
export function forget(userId: string, roomId: string): Promise<void> {
  return deleteMembershipOf(userId, roomId);
}

/** Carries on what a process left that died while somebody was to join or leave. */
export async function finishMembership(person: Person, roomId: string): Promise<void> {
  await settle(person, roomId);
  try {
    await showRoom(await readRoom(roomId));
  } catch (error) {
    // A room that is gone shows nothing.
    if (!(error instanceof ProblemError)) throw error;
  }
}

/** The same for who was to leave. The row is written first, so that a leave that only sleeps begins anew. */
export async function finishLeave(person: Person, roomId: string): Promise<void> {
  const known = await readMembership(person.user_id, roomId);
  try {
    if (known?.state === 'member') await changeMembership(known, { state: 'member' });
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
  }
  await finishMembership(person, roomId);
}
