/**
 * Renaming a room. `renaming_to` announces the new name on the room's row before the name is taken, so that at any
 * instant every name in the directory can be told to be in use or left over.
 */
import { normalizeName } from '../../contract/text.ts';
import type { RoomKind } from '../../contract/rooms.ts';
import { removeIntent, writeIntent, type IntentHandle } from '../intents/intents.ts';
import type { Act } from '../platform/audit-rows.ts';
import { ProblemError } from '../platform/problem.ts';
import { releaseUnused, showRoom, takeName } from './directory.ts';
import { retryOnChange } from './rooms.ts';
import { changeRoomAndLog, changeRoomRow, kindOf, readRoomRow, toRoom, type StoredRoom } from './store.ts';

interface Renaming extends Pick<Act, 'by' | 'by_name'> {
  name: string;
}

/** Throws `room_not_found`, `name_taken`. */
export async function renameRoom(roomId: string, known: string, { name, ...by }: Renaming): Promise<void> {
  const act: Act = { action: 'room_changed', ...by, details: { name } };
  const intents: IntentHandle[] = [];
  let old = known;
  for (;;) {
    intents.push(await writeIntent({ kind: 'rename', room_id: roomId, old, name }));
    const row = await retryOnChange(roomId, (fresh) =>
      fresh.name === old ? changeRoomRow(fresh, { renaming_to: name }, act) : Promise.resolve(fresh),
    );
    if (row.name === old) break;
    // Another rename came first: its name is the one to give back, and an intent has to say so.
    old = row.name;
  }
  await finishRename(roomId, { old, name });
  void Promise.all(intents.map(removeIntent)).catch(() => {});
}

/** Lists a private room under its name, as `kind`. Throws `room_not_found`, `name_taken`. */
export async function listUnder(
  roomId: string,
  listing: { name: string; kind: Exclude<RoomKind, 'private'>; act: Act },
): Promise<void> {
  const { name, kind, act } = listing;
  const intent = await writeIntent({ kind: 'rename', room_id: roomId, old: name, name });
  await retryOnChange(roomId, (fresh) =>
    kindOf(fresh) === 'private' && fresh.name === name
      ? changeRoomRow(fresh, { renaming_to: name, kind_to: kind }, act)
      : Promise.resolve(fresh),
  );
  await finishRename(roomId, { old: name, name });
  void removeIntent(intent).catch(() => {});
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
  const kind = row.kind_to || kindOf(row);
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
  const renamed = await unlessDone((fresh) => changeRoomAndLog(fresh, { ...plan, name, kind }, { name }));
  await showRoom(toRoom(renamed));
}
