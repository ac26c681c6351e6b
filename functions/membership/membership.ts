/**
 * Who is in a room: joining and leaving. Access follows from the `memberships` row alone; the count and the groups
 * of the connections follow it (`settle.ts`). At worst a crash leaves a counted ghost, never an unseen reader.
 */
import { limits, type Room, type RoomHistory } from '../../contract/rooms.ts';
import type { Caller } from '../identity/permissions.ts';
import { removeIntent, renewIntent, writeIntent, type IntentHandle } from '../intents/intents.ts';
import { forgetInvitation } from '../invitations/reading.ts';
import { isBanned } from '../moderation/reading.ts';
import { readHead } from '../messages/log.ts';
import type { Act } from '../platform/audit-rows.ts';
import { clock } from '../platform/clock.ts';
import { ProblemError } from '../platform/problem.ts';
import { WriteConflict } from '../platform/tables.ts';
import { showRoom } from '../rooms/directory.ts';
import { kindOf, ownerOf, readRoom, requireRoom, type StoredRoom } from '../rooms/rooms.ts';
import { requirePlace } from './access.ts';
import { giveUp } from './roles.ts';
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

/** How somebody comes in: `admitted` where an invitation or a moderator lets them, whatever the room's kind. */
interface Coming {
  admitted?: boolean;
}

/** Over a connection people come, of whom guests may as much as others to come and go. */
const asPerson = (user_id: string): Caller => ({ user_id, kind: 'guest' });

/**
 * Joins, or finds that one is in already. Throws `too_many_rooms`, and what `requirePlace` throws; who is admitted gets
 * nothing but `banned` of that, also in a private room: they know of it, and so does whoever admits them.
 */
export async function join(person: Person, roomId: string, { admitted }: Coming = {}): Promise<Joined> {
  const { user_id } = person;
  const [before, known] = await Promise.all([requireRoom(roomId), readMembership(user_id, roomId)]);
  const caller = asPerson(user_id);
  if (known?.state !== 'member' && !admitted) await requirePlace('join_room', caller, before);
  // Also for who is in already: their connections may have to join the group, which must not be left half done.
  const intent = await writeIntent({
    kind: 'join',
    room_id: roomId,
    user_id,
    ...(person.name !== undefined && { name: person.name }),
  });
  try {
    let begun = known;
    if (known?.state !== 'member') {
      begun = await beginJoin(user_id, toTerms(before), { admitted: admitted ?? kindOf(before) !== 'open' });
      await renewIntent(intent);
    }
    // Somebody was faster: with a ban, or by making another kind of room of it.
    if (!(await settle(person, roomId))) {
      const room = await requireRoom(roomId);
      if (begun?.role === 'owner' && ownerOf(room) !== user_id) {
        // It was theirs when they began, and they came to own nothing: they come as what they are now.
        conclude([intent]);
        return await join(person, roomId, { ...(admitted && { admitted }) });
      }
      if (!admitted) await requirePlace('join_room', caller, room);
      else if (await isBanned(roomId, user_id)) throw new ProblemError('banned', 'Lift the ban first.');
    }
    // After the group: whatever is newer than this head reaches the connections by itself.
    const [head, room] = await Promise.all([readHead(roomId), readRoom(roomId)]);
    if (known?.state !== 'member' && room.kind !== 'open') await forgetInvitation(user_id, roomId);
    conclude([intent], room.version > before.version ? room : undefined);
    return { room, head };
  } catch (error) {
    if (error instanceof ProblemError) conclude([intent]);
    throw error;
  }
}

/** What of a room decides how somebody is in it. */
interface JoinTerms {
  roomId: string;
  owner: string;
  history: RoomHistory;
}

const toTerms = (row: StoredRoom): JoinTerms => ({
  roomId: row.partitionKey,
  owner: ownerOf(row),
  history: row.history ?? 'all',
});

/**
 * Sets the row to `joining`, from nothing or after a leave that is finished first. `room` is as it was read, or what
 * it is going to be. Throws `too_many_rooms`.
 */
export async function beginJoin(
  userId: string,
  room: JoinTerms,
  { admitted }: Coming = {},
): Promise<StoredMembership> {
  const { roomId } = room;
  const role = room.owner === userId ? 'owner' : 'member';
  const [last_read] = await Promise.all([readHead(roomId), requireSpace(userId, roomId)]);
  // The setting of this moment holds for as long as one is in.
  const first = room.history === 'since_joining' && role !== 'owner' ? last_read + 1 : 1;
  for (;;) {
    const now = clock.now().toISOString();
    try {
      // What was said before one came does not count as unread.
      return await insertMembership(userId, roomId, {
        state: 'joining',
        role,
        joined_at: now,
        first,
        ...(admitted && { admitted }),
        last_read,
        used_at: now,
      });
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

/**
 * Leaves, or finds that one is not in. Answers the count of those who stay. An owner's room goes to the moderator who
 * has been in it longest; one with nobody else in it is deleted. Throws `room_not_found`, `must_hand_over`.
 */
export async function leave(userId: string, roomId: string): Promise<number> {
  const [before, known] = await Promise.all([requireRoom(roomId), readMembership(userId, roomId)]);
  if (!known) {
    await requirePlace('leave_room', asPerson(userId), before);
    return before.member_count;
  }
  if (ownerOf(before) === userId && (await giveUp(userId, roomId)) === 'deleted') return 0;
  return putOut(userId, roomId);
}

/** How somebody goes. */
interface Going {
  /** What the audit trail says of it: that they left where it is absent, nothing where it is null. */
  act?: Act | null;
  /** Whether the connections of who was in are closed as well. */
  closing?: boolean;
}

/**
 * Takes somebody out of a room, whoever wants it, and answers the count of those who stay. When it answers, none of
 * their connections is in the room's group.
 */
export async function putOut(userId: string, roomId: string, going: Going = {}): Promise<number> {
  const intents = await beginLeave(userId, roomId, going);
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
async function beginLeave(
  userId: string,
  roomId: string,
  { act, closing = false }: Going,
): Promise<IntentHandle[]> {
  const intents: IntentHandle[] = [];
  for (;;) {
    const known = await readMembership(userId, roomId);
    if (!known) return intents;
    intents.push(await writeIntent({ kind: 'leave', room_id: roomId, user_id: userId }));
    const isLeaving = known.state === 'leaving';
    if (isLeaving && (!closing || known.closing)) return intents;
    try {
      await changeMembership(known, {
        state: 'leaving',
        ...(!isLeaving && act !== undefined && { leaving_act: act ? JSON.stringify(act) : '' }),
        ...(closing && { closing }),
      });
      return intents;
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
    }
  }
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
