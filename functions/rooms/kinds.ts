/**
 * Changing the kind of a room. A private room has no name in the directory, so that nothing tells of it there: to
 * become listed it takes its name, as in a rename; to become private it gives it back.
 */
import type { RoomKind } from '../../contract/rooms.ts';
import type { Act } from '../platform/audit-rows.ts';
import { carryChange } from './carried-change.ts';
import { hideRoom, releaseUnused, showRoom } from './directory.ts';
import { listUnder } from './renaming.ts';
import { requireRoom } from './rooms.ts';
import { changeRoomRow, kindOf, readRoomRow, toRoom, type StoredRoom } from './store.ts';

/** Throws `room_not_found`, and `name_taken` where a listed room has the name. */
export async function changeKind(
  roomId: string,
  kind: RoomKind,
  by: Pick<Act, 'by' | 'by_name'>,
): Promise<void> {
  const act: Act = { action: 'room_changed', ...by, details: { kind } };
  const needsName = (row: StoredRoom): boolean => kind !== 'private' && kindOf(row) === 'private';
  for (let done = false; !done;) {
    if (kind !== 'private' && needsName(await requireRoom(roomId))) return listUnder(roomId, { kind, act });
    await carryChange(
      roomId,
      {
        intent: ({ name }) => ({ kind: 'unlist', room_id: roomId, name }),
        change: async (fresh) => {
          // It may have become private meanwhile, and has no name in the list then.
          done = !needsName(fresh);
          return done ? changeRoomRow(fresh, { kind }, act) : fresh;
        },
      },
      async (changed) => {
        if (kind === 'private') await finishUnlisting(roomId, changed.name);
        if (done) await showRoom(toRoom(changed));
      },
    );
  }
}

/** Takes a room that became private out of the list; carries on what a process left that died before it had. */
export async function finishUnlisting(roomId: string, name: string): Promise<void> {
  const row = await readRoomRow(roomId);
  if (row?.state !== 'open' || kindOf(row) !== 'private') return;
  await releaseUnused(name, roomId);
  // As it was read: by now it may be listed again, and newer.
  await hideRoom(toRoom(row));
  await showRoom(toRoom(row));
}
