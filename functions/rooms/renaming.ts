/**
 * Renaming a room. `renaming_to` announces the new name on the room's row before the name is taken, so that at any
 * instant every name in the directory can be told to be in use or left over.
 */
import { normalizeName } from '../../contract/text.ts';
import type { RoomKind } from '../../contract/rooms.ts';
import type { Act } from '../platform/audit-rows.ts';
import { ProblemError } from '../platform/problem.ts';
import { carryChange } from './carried-change.ts';
import { releaseUnused, showRoom, takeName } from './directory.ts';
import { retryOnChange } from './rooms.ts';
import { changeRoomAndLog, changeRoomRow, kindOf, readRoomRow, toRoom, type StoredRoom } from './store.ts';

interface Renaming extends Pick<Act, 'by' | 'by_name'> {
  name: string;
}

/** Throws `room_not_found`, `name_taken`. */
export async function renameRoom(roomId: string, { name, ...by }: Renaming): Promise<void> {
  const act: Act = { action: 'room_changed', ...by, details: { name } };
  await carryChange(
    roomId,
    {
      // The name to give back is that of the row on which the plan is made, and an intent has to say so.
      intent: (fresh) => ({ kind: 'rename', room_id: roomId, old: fresh.name, name }),
      change: async (fresh) => {
        await changeRoomRow(fresh, { renaming_to: name }, act);
        return fresh.name;
      },
    },
    (old) => finishRename(roomId, { old, name }),
  );
}

/** Lists a private room under its name, as `kind`. Throws `room_not_found`, `name_taken`. */
export async function listUnder(
  roomId: string,
  { kind, act }: { kind: Exclude<RoomKind, 'private'>; act: Act },
): Promise<void> {
  await carryChange(
    roomId,
    {
      intent: ({ name }) => ({ kind: 'rename', room_id: roomId, old: name, name }),
      change: async (fresh) => {
        const { name } = fresh;
        // Somebody else may have listed it meanwhile.
        if (kindOf(fresh) === 'private')
          await changeRoomRow(fresh, { renaming_to: name, kind_to: kind }, act);
        return name;
      },
    },
    (name) => finishRename(roomId, { old: name, name }),
  );
}

/**
 * Carries a rename to its end from wherever it stopped: take the new name, change room and log, give the old name
 * back. Throws `name_taken` after taking the plan back, and `room_not_found`.
 */
export async function finishRename(roomId: string, rename: { old: string; name: string }): Promise<void> {
  try {
    const row = await readRoomRow(roomId);
    if (row?.state !== 'open') return;
    if (row.renaming_to === rename.name) await apply(row);
    // Who stopped before may not have shown it.
    else await showRoom(toRoom(row));
  } finally {
    for (const name of [rename.old, rename.name]) await releaseUnused(name, roomId);
  }
}

async function apply(row: StoredRoom): Promise<void> {
  const { partitionKey: roomId, name: old, renaming_to: name } = row;
  const kind = kindThen(row);
  const plan = { renaming_to: '', kind_to: '' } as const;
  /** Another hand may have finished it, and a further rename may be under way. */
  const unlessDone = (change: (fresh: StoredRoom) => Promise<StoredRoom>): Promise<StoredRoom> =>
    retryOnChange(roomId, (fresh) => (fresh.renaming_to === name ? change(fresh) : Promise.resolve(fresh)));
  try {
    const isOwn = kindOf(row) !== 'private' && normalizeName(old) === normalizeName(name);
    if (!isOwn && kind !== 'private') await takeName({ ...toRoom(row), name });
  } catch (error) {
    if (error instanceof ProblemError) {
      await unlessDone((fresh) => changeRoomRow(fresh, plan));
    }
    throw error;
  }
  let isAsRead = true;
  const renamed = await unlessDone(async (fresh) => {
    // It may have become private meanwhile, or be about to be listed.
    isAsRead = kindThen(fresh) === kind;
    return isAsRead ? changeRoomAndLog(fresh, { ...plan, name, kind }, { name }) : fresh;
  });
  return isAsRead ? showRoom(toRoom(renamed)) : apply(renamed);
}

/** The kind that the room has with its new name. */
const kindThen = (row: StoredRoom): RoomKind => row.kind_to || kindOf(row);
