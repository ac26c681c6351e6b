/** Which rooms a person may hear: read on its own, because presence asks and membership asks presence. */
import { limits, type Role } from '../../contract/rooms.ts';
import type { MemberRow } from '../platform/room-rows.ts';
import { readMember, readMembers, readMembership, readMemberships, readModerators } from './store.ts';

/** Ids of the rooms that somebody is a member of, the most recently used first. */
export async function memberRooms(userId: string): Promise<string[]> {
  const { rows } = await readMemberships(userId, { limit: limits.roomsPerPerson + 1 });
  return rows
    .filter(({ state }) => state === 'member')
    .toSorted((left, right) => (left.used_at < right.used_at ? 1 : -1))
    .map(({ rowKey }) => rowKey);
}

/** Ids of the rooms that somebody is in, or on their way into or out of. */
export async function roomsOfPerson(userId: string): Promise<string[]> {
  const { rows } = await readMemberships(userId, { limit: limits.roomsPerPerson + 1 });
  return rows.map(({ rowKey }) => rowKey);
}

/** Somebody as they count in a room; undefined where they do not. */
export function findMember(roomId: string, userId: string): Promise<MemberRow | undefined> {
  return readMember(roomId, userId);
}

/** What a member is in a room, as access goes by it; undefined for who is not one. */
export async function findRole(roomId: string, userId: string): Promise<Role | undefined> {
  const membership = await readMembership(userId, roomId);
  return membership?.state === 'member' ? membership.role : undefined;
}

/** Ids of the owner and the moderators of a room, those who have been in longest first. */
export async function findModerators(roomId: string): Promise<string[]> {
  const found = await readModerators(roomId);
  return found
    .toSorted((left, right) => (left.joined_at < right.joined_at ? -1 : 1))
    .map(({ user_id }) => user_id);
}

/** Who of up to 1,000 members has been in a room longest, but one; undefined where there is nobody else. */
export async function findLongestMember(roomId: string, except: string): Promise<string | undefined> {
  const { members } = await readMembers(roomId, { limit: 1_000 });
  const others = members.filter(({ user_id }) => user_id !== except);
  return others.toSorted((left, right) => (left.joined_at < right.joined_at ? -1 : 1))[0]?.user_id;
}
