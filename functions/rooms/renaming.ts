/**
 * Renaming a room. `renaming_to` announces the new name on the room's row before the name is taken, so that at any
 * instant every name in the directory can be told to be in use or left over.
 */
import { normalizeName } from '../../contract/text.ts';
import { removeIntent, writeIntent, type IntentHandle } from '../intents/intents.ts';
import { ProblemError } from '../platform/problem.ts';
import { releaseUnused, showRoom, takeName } from './directory.ts';
import { retryOnChange } from './rooms.ts';
import { changeRoomAndLog, changeRoomRow, readRoomRow, toRoom, type StoredRoom } from './store.ts';

/** Throws `room_not_found`, `name_taken`. */
export async function renameRoom(roomId: string, name: string): Promise<void> {
  const intents: IntentHandle[] = [];
  const planned = await retryOnChange(roomId, async (fresh) => {
    // The name to give back is that of the row on which the plan is made, and an intent has to say so.
    intents.push(await writeIntent({ kind: 'rename', room_id: roomId, old: fresh.name, name }));
    return changeRoomRow(fresh, { renaming_to: name });
  });
  await finishRename(roomId, { old: planned.name, name });
  void Promise.all(intents.map(removeIntent)).catch(() => {});
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
  /** Another hand may have finished it, and a further rename may be under way. */
  const unlessDone = (change: (fresh: StoredRoom) => Promise<StoredRoom>): Promise<StoredRoom> =>
    retryOnChange(roomId, (fresh) => (fresh.renaming_to === name ? change(fresh) : Promise.resolve(fresh)));
  try {
    if (normalizeName(old) !== normalizeName(name)) await takeName({ ...toRoom(row), name });
  } catch (error) {
    if (error instanceof ProblemError) {
      await unlessDone((fresh) => changeRoomRow(fresh, { renaming_to: '' }));
    }
    throw error;
  }
  const renamed = await unlessDone((fresh) => changeRoomAndLog(fresh, { name, renaming_to: '' }, { name }));
  await showRoom(toRoom(renamed));
}
