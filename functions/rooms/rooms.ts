/** Rooms that are there, and reading them. How they come, change and go is in files beside. */
import type { Room } from '../../contract/rooms.ts';
import type { Caller } from '../identity/permissions.ts';
import { requirePlace } from '../membership/access.ts';
import { clock } from '../platform/clock.ts';
import { ProblemError } from '../platform/problem.ts';
import { WriteConflict } from '../platform/tables.ts';
import { readRoomRow, toRoom, type StoredRoom } from './store.ts';

export { kindOf, ownerOf, toRoom, waitingIn, type StoredRoom } from './store.ts';

export const roomNotFound = (): ProblemError =>
  new ProblemError('room_not_found', 'There is no room with this id.');

/** The row of a room in whatever state it is; undefined where there is none. For who carries changes to their end. */
export function findRoom(roomId: string): Promise<StoredRoom | undefined> {
  return readRoomRow(roomId);
}

/** The row of a room that is there. Throws `room_not_found`, also while it is being created or erased. */
export async function requireRoom(roomId: string): Promise<StoredRoom> {
  const row = await readRoomRow(roomId);
  if (row?.state !== 'open') throw roomNotFound();
  return row;
}

/** A room with its exact count of members. Throws `room_not_found`. */
export async function readRoom(roomId: string): Promise<Room> {
  return toRoom(await requireRoom(roomId));
}

/** A room for somebody who may know of it. Throws `room_not_found`. */
export async function showRoomTo(caller: Caller, roomId: string): Promise<Room> {
  const row = await requireRoom(roomId);
  await requirePlace('read_room', caller, row);
  return toRoom(row);
}

/** Runs a change on the row as it is, again when somebody else changed it. Throws `room_not_found`. */
export async function retryOnChange<T>(roomId: string, change: (row: StoredRoom) => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    const row = await requireRoom(roomId);
    try {
      return await change(row);
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
      // The more are at it, the longer each stands back.
      await clock.wait(clock.random() * Math.min(1_000, 20 * 2 ** attempt));
    }
  }
}
