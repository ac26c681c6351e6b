/** Rooms that are there: reading and describing them. How they come, change their names and go is in files beside. */
import type { ChangeRoomBody, Room } from '../../contract/rooms.ts';
import { authorise } from '../identity/permissions.ts';
import type { Principal } from '../identity/principal.ts';
import { clock } from '../platform/clock.ts';
import { ProblemError } from '../platform/problem.ts';
import { WriteConflict } from '../platform/tables.ts';
import { showRoom } from './directory.ts';
import { renameRoom } from './renaming.ts';
import { changeRoomRow, readRoomRow, toRoom, touchRoomRow, type StoredRoom } from './store.ts';

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

/** Changes name or description, for the owner. Throws `room_not_found`, `not_owner`, `name_taken`. */
export async function changeRoom(
  principal: Principal,
  roomId: string,
  change: ChangeRoomBody,
): Promise<Room> {
  const row = await requireRoom(roomId);
  authorise('change_room', { owner: row.created_by === principal.user_id });
  const { name, description } = change;
  if (name !== undefined && name !== row.name) await renameRoom(roomId, name);
  if (description !== undefined && description !== row.description) {
    await showRoom(toRoom(await retryOnChange(roomId, (fresh) => changeRoomRow(fresh, { description }))));
  }
  return readRoom(roomId);
}

/**
 * Ends every change of the room's row that read it before: who finishes an intent does so first, for whoever wrote it
 * may only be asleep. A change reads the row before it writes its intent, anew for each attempt.
 */
export async function supersede(roomId: string): Promise<void> {
  const row = await readRoomRow(roomId);
  if (row?.state !== 'open') return;
  try {
    await touchRoomRow(row);
  } catch (error) {
    // Whoever was faster changed the ETag as well as we would have.
    if (!(error instanceof WriteConflict)) throw error;
  }
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
