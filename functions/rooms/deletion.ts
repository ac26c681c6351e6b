/** Deleting a room: closed at once for everybody, erased afterwards in steps that each take one queue message. */
import { erasuresQueue, roomGroup } from '../../contract/names.ts';
import { authorise } from '../identity/permissions.ts';
import type { Principal } from '../identity/principal.ts';
import { removeIntent, writeIntent } from '../intents/intents.ts';
import { forget } from '../membership/membership.ts';
import { countRooms } from '../operations/counters.ts';
import { newId } from '../platform/ids.ts';
import { unescapeKey } from '../platform/keys.ts';
import { ProblemError } from '../platform/problem.ts';
import { roomRowKinds, roomRows } from '../platform/room-rows.ts';
import { send } from '../platform/service-bus.ts';
import { emptyGroup, pushToGroup } from '../realtime/push.ts';
import { hideRoom, releaseUnused } from './directory.ts';
import { requireRoom, retryOnChange } from './rooms.ts';
import { changeRoomAndLog, readRoomRow, removeRoom, removeRows, rowKeysOf, toRoom } from './store.ts';

/** Deletes a room, for its owner. Throws `room_not_found`, `not_owner`. */
export async function deleteRoom(principal: Principal, roomId: string): Promise<void> {
  const row = await requireRoom(roomId);
  authorise('delete_room', { owner: row.created_by === principal.user_id });
  const intent = await writeIntent({ kind: 'delete', room_id: roomId });
  if (await close(roomId)) countRooms(-1);
  await finishDelete(roomId);
  void removeIntent(intent).catch(() => {});
}

/** Whether it was open; after an answer that was lost it may be closed by ourselves. */
async function close(roomId: string): Promise<boolean> {
  try {
    await retryOnChange(roomId, (fresh) => changeRoomAndLog(fresh, { state: 'closed' }, { closed: true }));
    return true;
  } catch (error) {
    if (error instanceof ProblemError) return false;
    throw error;
  }
}

/** Carries the deletion of a closed room on to where the erasing begins. */
export async function finishDelete(roomId: string): Promise<void> {
  const row = await readRoomRow(roomId);
  if (row?.state !== 'closed') return;
  await releaseUnused(row.name, roomId);
  if (row.renaming_to !== '') await releaseUnused(row.renaming_to, roomId);
  await hideRoom(toRoom(row));
  await pushToGroup(roomGroup(roomId), { type: 'room_deleted', room_id: roomId });
  await emptyGroup(roomGroup(roomId));
  await scheduleErasure(roomId);
}

async function scheduleErasure(roomId: string): Promise<void> {
  await send(erasuresQueue, {
    body: { room_id: roomId },
    messageId: newId(),
    contentType: 'application/json',
  });
}

/** Rows that one step takes away: a table transaction holds 100. */
const step = 100;

/** Erases up to 100 rows of a closed room and schedules the next step; a step that runs twice does no harm. */
export async function eraseStep(roomId: string): Promise<void> {
  const row = await readRoomRow(roomId);
  if (row?.state !== 'closed') return;
  for (const kind of roomRowKinds) {
    const keys = await rowKeysOf(roomId, kind, step);
    if (keys.length === 0) continue;
    if (kind === 'member') await Promise.all(keys.map((key) => forget(userOf(key), roomId)));
    await removeRows(roomId, keys);
    return scheduleErasure(roomId);
  }
  await removeRoom(roomId);
}

const userOf = (memberKey: string): string =>
  unescapeKey(memberKey.slice(roomRows.range('member').from.length));
