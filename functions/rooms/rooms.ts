/** Rooms: reading, creating, changing. Deleting is in `deletion.ts`. Knows nothing of HTTP. */
import { general, systemUser } from '../../contract/names.ts';
import type { ChangeRoomBody, CreateRoomBody, Room } from '../../contract/rooms.ts';
import { normalizeName } from '../../contract/text.ts';
import { authorise, requireYourself } from '../identity/permissions.ts';
import type { Principal } from '../identity/principal.ts';
import { removeIntent, writeIntent } from '../intents/intents.ts';
import { countRooms } from '../operations/counters.ts';
import { clock } from '../platform/clock.ts';
import { newId } from '../platform/ids.ts';
import { ProblemError } from '../platform/problem.ts';
import { WriteConflict } from '../platform/tables.ts';
import { releaseName, showRoom, takeName } from './directory.ts';
import {
  changeRoomAndLog,
  changeRoomRow,
  insertRoom,
  readRoomRow,
  removeRoom,
  toRoom,
  type StoredRoom,
} from './store.ts';

const notFound = (): ProblemError => new ProblemError('room_not_found', 'There is no room with this id.');

/** The row of a room that is there. Throws `room_not_found`, also while it is being created or erased. */
export async function requireRoom(roomId: string): Promise<StoredRoom> {
  const row = await readRoomRow(roomId);
  if (row?.state !== 'open') throw notFound();
  return row;
}

/** A room with its exact count of members. Throws `room_not_found`. */
export async function readRoom(roomId: string): Promise<Room> {
  return toRoom(await requireRoom(roomId));
}

/**
 * Creates a room that its creator owns; joining is for the caller to do. The same caller, id and name again answer
 * the same room. Throws `name_taken`, `room_id_in_use`, `not_yourself`.
 */
export async function createRoom(principal: Principal, body: CreateRoomBody): Promise<Room> {
  requireYourself(body.created_by, principal.user_id);
  const { name, description, id = newId() } = body;
  const intent = await writeIntent({
    kind: 'create',
    room_id: id,
    user_id: principal.user_id,
    name: principal.name,
  });
  await claimId(id, { name, description, created_by: principal.user_id });
  const room = await openRoom(id);
  void removeIntent(intent).catch(() => {});
  if (room) return room;
  throw notFound();
}

interface Claim {
  name: string;
  description: string;
  created_by: string;
}

/** Writes the room's own row first, so that the name is taken by a room that exists. */
async function claimId(id: string, claim: Claim): Promise<void> {
  const created_at = clock.now().toISOString();
  const rest = { created_at, member_count: 0, version: 1, renaming_to: '' };
  try {
    await insertRoom(id, { state: 'creating', ...claim, ...rest });
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
    const known = await readRoomRow(id);
    const same = known?.state !== 'closed' && known?.created_by === claim.created_by;
    if (same && normalizeName(known.name) === normalizeName(claim.name)) return;
    throw new ProblemError('room_id_in_use', 'Another room has this id. Send the request with a new one.');
  }
}

/**
 * Carries a room that is being created to its end: the name is the commit. Answers undefined where there is nothing
 * to create. Throws `name_taken` after removing what there was of the room.
 */
export async function openRoom(id: string): Promise<Room | undefined> {
  const row = await readRoomRow(id);
  if (!row || row.state === 'closed') return undefined;
  if (row.state === 'open') return toRoom(row);
  try {
    await takeName(toRoom(row));
  } catch (error) {
    if (error instanceof ProblemError) await removeRoom(id);
    throw error;
  }
  try {
    const opened = toRoom(await changeRoomRow(row, { state: 'open' }));
    countRooms(1);
    await showRoom(opened);
    return opened;
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
    // The sweep was faster: what it left is the answer.
    return openRoom(id);
  }
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
  if (name !== undefined && name !== row.name) {
    const rename = { old: row.name, name };
    const intent = await writeIntent({ kind: 'rename', room_id: roomId, ...rename });
    await retryOnChange(roomId, (fresh) => changeRoomRow(fresh, { renaming_to: name }));
    await finishRename(roomId, rename);
    void removeIntent(intent).catch(() => {});
  }
  if (description !== undefined && description !== row.description) {
    await showRoom(toRoom(await retryOnChange(roomId, (fresh) => changeRoomRow(fresh, { description }))));
  }
  return readRoom(roomId);
}

/**
 * Carries a rename to its end: take the new name, change room and log, give the old name back. Throws `name_taken`
 * after taking the plan back.
 */
export async function finishRename(roomId: string, rename: { old: string; name: string }): Promise<void> {
  const row = await readRoomRow(roomId);
  if (row?.state === 'open' && row.renaming_to === rename.name) await applyRename(row);
  await releaseUnused(roomId, [rename.old, rename.name]);
}

async function applyRename(row: StoredRoom): Promise<void> {
  const { partitionKey: roomId, name: old, renaming_to: name } = row;
  try {
    if (normalizeName(old) !== normalizeName(name)) await takeName({ ...toRoom(row), name });
  } catch (error) {
    if (error instanceof ProblemError)
      await retryOnChange(roomId, (fresh) => changeRoomRow(fresh, { renaming_to: '' }));
    throw error;
  }
  const renamed = await retryOnChange(roomId, (fresh) =>
    // Another hand may have finished it, and a further rename may be under way.
    fresh.renaming_to === name
      ? changeRoomAndLog(fresh, { name, renaming_to: '' }, { name })
      : Promise.resolve(fresh),
  );
  await showRoom(toRoom(renamed));
}

/** Gives back those names that the room neither has nor is about to have. */
async function releaseUnused(roomId: string, names: string[]): Promise<void> {
  const row = await readRoomRow(roomId);
  const used = row?.state === 'open' ? [row.name, row.renaming_to].map(normalizeName) : [];
  for (const name of names) {
    if (!used.includes(normalizeName(name))) await releaseName(name, roomId);
  }
}

/** Runs a change on the row as it is, again when somebody else changed it. Throws `room_not_found`. */
export async function retryOnChange(
  roomId: string,
  change: (row: StoredRoom) => Promise<StoredRoom>,
): Promise<StoredRoom> {
  for (;;) {
    const row = await requireRoom(roomId);
    try {
      return await change(row);
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
      await clock.wait(clock.random() * 50);
    }
  }
}

let generalMade: Promise<unknown> | undefined;

/** Makes General, once for each instance; two instances cannot race, because its id is constant. */
export function ensureGeneral(): Promise<unknown> {
  generalMade ??= claimId(general.id, {
    name: general.name,
    description: general.description,
    created_by: systemUser,
  })
    .then(() => openRoom(general.id))
    .catch((error: unknown) => {
      generalMade = undefined;
      throw error;
    });
  return generalMade;
}
