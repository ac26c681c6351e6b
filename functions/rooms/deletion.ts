/** Deleting a room: closed at once for everybody, erased afterwards in steps that each take one queue message. */
import { erasuresQueue, roomGroup } from '../../contract/names.ts';
import type { Principal } from '../identity/principal.ts';
import type { IntentHandle } from '../intents/intents.ts';
import { requireMember } from '../membership/access.ts';
import { forget } from '../membership/membership.ts';
import { countRooms } from '../operations/counters.ts';
import { newId } from '../platform/ids.ts';
import { unescapeKey } from '../platform/keys.ts';
import { ProblemError } from '../platform/problem.ts';
import { roomRowKinds, roomRows } from '../platform/room-rows.ts';
import { send } from '../platform/service-bus.ts';
import { emptyGroup, pushToGroup } from '../realtime/push.ts';
import { attemptChange, removeIntents } from './carried-change.ts';
import { hideRoom, releaseUnused } from './directory.ts';
import {
  changeRoomAndLog,
  kindOf,
  ownerOf,
  readRoomRow,
  removeRoom,
  removeRows,
  rowKeysOf,
  toRoom,
  type StoredRoom,
} from './store.ts';

/** Deletes a room, for its owner. Throws `room_not_found`, `not_owner`. */
export async function deleteRoom(principal: Principal, roomId: string): Promise<void> {
  await requireMember('delete_room', principal, roomId);
  await carryDelete(roomId, () => true);
}

/** Deletes a room in which its owner is the only member. Whether it was so. */
export function closeIfAlone(roomId: string, owner: string): Promise<boolean> {
  return carryDelete(roomId, (row) => row.member_count <= 1 && ownerOf(row) === owner);
}

async function carryDelete(roomId: string, mayClose: (row: StoredRoom) => boolean): Promise<boolean> {
  const intents: IntentHandle[] = [];
  const end = await close(roomId, mayClose, intents);
  if (end === 'closed') countRooms(-1);
  if (end !== 'refused') await finishDelete(roomId);
  removeIntents(intents);
  return end !== 'refused';
}

/** `gone`: it was closed already; after an answer that was lost by ourselves. */
async function close(
  roomId: string,
  mayClose: (row: StoredRoom) => boolean,
  intents: IntentHandle[],
): Promise<'closed' | 'gone' | 'refused'> {
  const change = async (fresh: StoredRoom) => {
    if (!mayClose(fresh)) return 'refused';
    await changeRoomAndLog(fresh, { state: 'closed' }, { closed: true });
    return 'closed';
  };
  try {
    const intent = () => ({ kind: 'delete', room_id: roomId }) as const;
    return await attemptChange(roomId, { intent, change }, intents);
  } catch (error) {
    if (error instanceof ProblemError) return 'gone';
    throw error;
  }
}

/** Carries the deletion of a closed room on to where the erasing begins. */
export async function finishDelete(roomId: string): Promise<void> {
  const row = await readRoomRow(roomId);
  if (row?.state !== 'closed') return;
  await releaseUnused(row.name, roomId);
  if (row.renaming_to !== '') await releaseUnused(row.renaming_to, roomId);
  if (kindOf(row) !== 'private') await hideRoom(toRoom(row));
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
