/** Which rooms a person may hear: read on its own, because presence asks and membership asks presence. */
import { limits } from '../../contract/rooms.ts';
import { readMemberships } from './store.ts';

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
