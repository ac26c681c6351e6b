/** Bans, mutes and reports of a room in table `rooms`: rows in the room's partition, each written with its audit entry. */
import type { Restriction } from '../../contract/moderation.ts';
import { auditInsert, type Act } from '../platform/audit-rows.ts';
import { roomRows } from '../platform/room-rows.ts';
import { odata, readPage, readRow, transact, type Action, type Row } from '../platform/tables.ts';

export type RestrictionKind = 'ban' | 'mute';

/** Without `until`, for ever. */
export type RestrictionRow = Restriction;

/** The room row's key and ETag: what is decided under it fails when the room changed. */
interface RoomKey {
  partitionKey: string;
  etag: string;
}

/** Changes nothing of the room but its ETag, so that a join that has read the room before cannot be completed. */
const touch = ({ partitionKey, etag }: RoomKey): Action => ({
  type: 'merge',
  etag,
  row: { partitionKey, rowKey: roomRows.room },
});

/** Bans or mutes somebody, or changes for how long. Throws `WriteConflict` where the room changed. */
export async function writeRestriction(
  kind: RestrictionKind,
  room: RoomKey,
  row: RestrictionRow,
  act: Act,
): Promise<void> {
  const { partitionKey } = room;
  await transact('rooms', [
    touch(room),
    { type: 'upsert', row: { partitionKey, rowKey: roomRows[kind](row.user_id), ...row } },
    auditInsert(partitionKey, act),
  ]);
}

/** Lifts a ban or a mute that was read under the room's ETag. Throws `WriteConflict` where the room changed. */
export async function deleteRestriction(
  kind: RestrictionKind,
  room: RoomKey,
  userId: string,
  act: Act,
): Promise<void> {
  const { partitionKey } = room;
  await transact('rooms', [
    touch(room),
    { type: 'delete', etag: '*', row: { partitionKey, rowKey: roomRows[kind](userId) } },
    auditInsert(partitionKey, act),
  ]);
}

export function readRestriction(
  kind: RestrictionKind,
  roomId: string,
  userId: string,
): Promise<Row<RestrictionRow> | undefined> {
  return readRow<RestrictionRow>('rooms', roomId, roomRows[kind](userId));
}

/** All of a room, by user id; at most 1,000. */
export async function readRestrictions(kind: RestrictionKind, roomId: string): Promise<RestrictionRow[]> {
  const { from, to } = roomRows.range(kind);
  const filter = odata`PartitionKey eq ${roomId} and RowKey ge ${from} and RowKey lt ${to}`;
  return (await readPage<RestrictionRow>('rooms', filter, { limit: 1_000 })).rows;
}
