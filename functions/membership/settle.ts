/**
 * Makes a room's count and the groups of a person's connections follow that person's membership, from whatever state
 * it is in, until it holds still. Joins, leaves and the sweep all end here; any number of hands may do so at once.
 */
import { roomGroup } from '../../contract/names.ts';
import { clock } from '../platform/clock.ts';
import type { Act } from '../platform/audit-rows.ts';
import type { MemberRow } from '../platform/room-rows.ts';
import { WriteConflict } from '../platform/tables.ts';
import { closeConnections, joinConnections, leaveConnections, nameOf } from '../presence/presence.ts';
import { isBanned, mutedUntil } from '../moderation/reading.ts';
import { findRoom, kindOf, ownerOf, type StoredRoom } from '../rooms/rooms.ts';
import { Succession } from './succession.ts';
import {
  changeMembers,
  changeMembership,
  deleteMembership,
  readMember,
  readMembership,
  type MemberChange,
  type StoredMembership,
} from './store.ts';

export interface Person {
  user_id: string;
  /** What others see; looked up where it is not given. */
  name?: string;
}

/** Carries `joining` to `member` and `leaving` to nothing, and the count and the groups along. Whether it is `member`. */
export async function settle(person: Person, roomId: string): Promise<boolean> {
  const { user_id: userId } = person;
  /** Which membership counts already. */
  let counted: string | undefined;
  for (;;) {
    const membership = await readMembership(userId, roomId);
    if (membership?.state === 'joining') {
      const end = await carryIn(person, membership);
      if (end === 'wait' || end === 'void') return false;
      counted = membership.joined_at;
    } else if (membership?.state === 'leaving') {
      if (await carryOut(userId, membership)) return false;
    } else {
      if (membership === undefined) await countOutGhost(userId, roomId);
      else if (counted !== membership.joined_at) await countIn(person, membership);
      await (membership ? joinConnections : leaveConnections)(userId, roomGroup(roomId));
      // Who left or joined meanwhile may have been done with the groups before we were.
      const now = await readMembership(userId, roomId);
      if (now?.state === membership?.state && now?.joined_at === membership?.joined_at)
        return now !== undefined;
    }
  }
}

/**
 * `wait`: the room is still being created, and whoever creates it comes back here. `void`: there is no room to be in,
 * and the membership is gone. `on`: there is more to do.
 */
async function carryIn(person: Person, membership: StoredMembership): Promise<'wait' | 'void' | 'on'> {
  const room = await findRoom(membership.rowKey);
  const isOwn = room !== undefined && ownerOf(room) === person.user_id;
  if (room?.state === 'creating' && isOwn) return 'wait';
  // An owner of what somebody else created: both had claimed the id, and this one did not get it.
  const isOpen = room?.state === 'open' && (membership.role !== 'owner' || isOwn);
  // A room that closes just now erases only those who are counted.
  if (isOpen && (await countIn(person, membership))) {
    // Once they count: who mutes them later finds the membership, and changes it after us.
    const muted_until = await mutedUntil(membership.rowKey, person.user_id);
    await unlessChanged(changeMembership(membership, { state: 'member', muted_until }));
    return 'on';
  }
  return (await unlessChanged(deleteMembership(membership))) ? 'void' : 'on';
}

/**
 * First out of the groups, then out of the count, then gone. Whether nobody else had a hand in it. Who is banned also
 * loses the connections: what they were given to recover them is worth nothing, and new ones never had the group.
 */
async function carryOut(userId: string, membership: StoredMembership): Promise<boolean> {
  const { rowKey: roomId, joined_at, leaving_act, closing } = membership;
  await leaveConnections(userId, roomGroup(roomId));
  if (closing) await closeConnections(userId, 'Banned from a room. Connect again for the others.');
  const succession = new Succession(roomId, userId);
  await changeCount(roomId, userId, async (member, room) => {
    if (member?.joined_at !== joined_at) return undefined;
    const heir = await succession.find(room, member.name);
    if (heir === 'nobody') return undefined;
    return { kind: 'remove', userId, heir, ...readAct(leaving_act, { userId, name: member.name }) };
  });
  // Who came in the meantime changes who is to have it.
  if (!(await succession.finish())) return false;
  return unlessChanged(deleteMembership(membership));
}

/** What the trail says of who goes: what their membership says, '' for nothing; else that they left. */
function readAct(
  told: string | undefined,
  { userId, name }: { userId: string; name: string },
): { act?: Act } {
  if (told === '') return {};
  return { act: told === undefined ? leftBy(userId, name) : (JSON.parse(told) as Act) };
}

const leftBy = (by: string, by_name: string): Act => ({ action: 'member_left', by, by_name });

/** Whether the room is there to count somebody, and lets them in. */
async function countIn(person: Person, membership: StoredMembership): Promise<boolean> {
  const { user_id: userId } = person;
  const { rowKey: roomId, role, joined_at, admitted } = membership;
  let isIn = true;
  const isOpen = await changeCount(roomId, userId, async (member, room) => {
    if (member?.joined_at === joined_at) return undefined;
    // Under the room's ETag: a ban, or another kind of room, that came first wins.
    const isWelcome = role === 'owner' || admitted || kindOf(room) === 'open';
    isIn = isWelcome && !(await isBanned(roomId, userId));
    if (!isIn) return undefined;
    const row = { name: person.name ?? (await nameOf(userId)), role, joined_at };
    const act: Act = { action: 'member_joined', by: userId, by_name: row.name };
    return { kind: member ? 'replace' : 'add', userId, row, act };
  });
  return isOpen && isIn;
}

/** Takes away a member row that has no membership: what a crash can leave. */
async function countOutGhost(userId: string, roomId: string): Promise<void> {
  await changeCount(roomId, userId, async (member) => {
    // Looked at again: who joins after this changes the room's row, and with it its ETag.
    const isGhost = member && (await readMembership(userId, roomId)) === undefined;
    // It was said that they came.
    return isGhost ? { kind: 'remove', userId, act: leftBy(userId, member.name) } : undefined;
  });
}

type Decided = (MemberChange & { act?: Act }) | undefined;
type Decide = (member: MemberRow | undefined, room: StoredRoom) => Decided | Promise<Decided>;

/** Changes the member row as decided, with the count; decides again when the room changed. Whether it is open. */
async function changeCount(roomId: string, userId: string, decide: Decide): Promise<boolean> {
  for (let attempt = 0; ; attempt += 1) {
    // The room before the member: what changes in between then fails by the room's ETag.
    const room = await findRoom(roomId);
    if (room?.state !== 'open') return false;
    const change = await decide(await readMember(roomId, userId), room);
    if (!change || (await unlessChanged(changeMembers(room, change, change.act)))) return true;
    // The more are at it, the longer each stands back.
    await clock.wait(clock.random() * Math.min(1_000, 20 * 2 ** attempt));
  }
}

/** Whether a write met the row as it was read. */
async function unlessChanged(writing: Promise<unknown>): Promise<boolean> {
  try {
    await writing;
    return true;
  } catch (error) {
    if (error instanceof WriteConflict) return false;
    throw error;
  }
}
