/** The `room` row of table `rooms`, with the rows that change together with it. */
import { systemUser } from '../../contract/names.ts';
import type { Room, RoomHistory, RoomKind } from '../../contract/rooms.ts';
import { auditInsert, type Act } from '../platform/audit-rows.ts';
import { roomRows, type LogRow, type MemberRow, type RoomRowKind } from '../platform/room-rows.ts';
import {
  odata,
  readPage,
  readRow,
  transact,
  write,
  WriteConflict,
  type Action,
  type Row,
} from '../platform/tables.ts';

/** `creating`: not committed yet, there for nobody. `closed`: deleted, being erased. */
export interface RoomRow {
  state: 'creating' | 'open' | 'closed';
  name: string;
  description: string;
  /** Absent, as the three below, in rows that are older than they are: open, all, none, who created it. */
  kind?: RoomKind;
  history?: RoomHistory;
  slow_mode_seconds?: number;
  owner?: string;
  created_by: string;
  created_at: string;
  member_count: number;
  version: number;
  /** The new name while a rename is under way, else ''. */
  renaming_to: string;
  /** The kind that the room will have with that name, while it is about to be listed; else absent or ''. */
  kind_to?: RoomKind | '';
  /** How many wait for a decision; absent for none. */
  reports_waiting?: number;
  requests_waiting?: number;
}

export type StoredRoom = Row<RoomRow>;

export const toRoom = (row: StoredRoom): Room => ({
  id: row.partitionKey,
  name: row.name,
  description: row.description,
  kind: kindOf(row),
  history: row.history ?? 'all',
  slow_mode_seconds: row.slow_mode_seconds ?? 0,
  created_by: row.created_by,
  owner: ownerOf(row),
  created_at: row.created_at,
  member_count: row.member_count,
  version: row.version,
});

/** Of which kind a room is; rows that are older than kinds are of open rooms. */
export const kindOf = (row: RoomRow): RoomKind => row.kind ?? 'open';

/** Who owns a room now; '' where nobody does. */
export const ownerOf = (row: RoomRow): string =>
  row.owner ?? (row.created_by === systemUser ? '' : row.created_by);

/** What waits in a room for its moderators. */
export const waitingIn = (row: RoomRow): { join_requests: number; reports: number } => ({
  join_requests: row.requests_waiting ?? 0,
  reports: row.reports_waiting ?? 0,
});

export function readRoomRow(roomId: string): Promise<StoredRoom | undefined> {
  return readRow<RoomRow>('rooms', roomId, roomRows.room);
}

/** Claims an id for a room that is not there for anybody yet. Throws `WriteConflict` (`exists`). */
export async function insertRoom(roomId: string, row: RoomRow): Promise<void> {
  await write('rooms', { type: 'insert', row: { partitionKey: roomId, rowKey: roomRows.room, ...row } });
}

/** A claimed room as it will be once `openRoomRow` is through. */
export const asOpened = (room: StoredRoom, owner: Owner | undefined): StoredRoom => ({
  ...room,
  state: 'open',
  member_count: owner ? 1 : 0,
  version: room.version + 1,
});

export type Owner = MemberRow & { user_id: string };

/** Opens a claimed room, with its empty log and its first member. Throws `WriteConflict`. */
export async function openRoomRow(room: StoredRoom, owner: Owner | undefined): Promise<StoredRoom> {
  const partitionKey = room.partitionKey;
  const opened = asOpened(room, owner);
  const { state, member_count, version } = opened;
  const log: LogRow = { head: 0, name: room.name, closed: false };
  const actions: Action[] = [
    {
      type: 'merge',
      etag: room.etag,
      row: { partitionKey, rowKey: roomRows.room, state, member_count, version },
    },
    { type: 'insert', row: { partitionKey, rowKey: roomRows.log, ...log } },
  ];
  if (owner) {
    const { user_id, ...row } = owner;
    actions.push({ type: 'insert', row: { partitionKey, rowKey: roomRows.member(user_id), ...row } });
    actions.push(auditInsert(partitionKey, { action: 'room_created', by: user_id, by_name: owner.name }));
  }
  const [etag = ''] = await transact('rooms', actions);
  return { ...opened, etag };
}

/** Gives back the id of a room that never opened, as it was read. Throws `WriteConflict`. */
export async function removeClaim(room: StoredRoom): Promise<void> {
  const { partitionKey, rowKey, etag } = room;
  await write('rooms', { type: 'delete', etag, row: { partitionKey, rowKey } });
}

/** Changes the room row if it is still as it was read, and raises its version. Throws `WriteConflict`. */
export async function changeRoomRow(
  room: StoredRoom,
  change: Partial<RoomRow>,
  act?: Act,
): Promise<StoredRoom> {
  const { partitionKey } = room;
  const values = { ...change, version: room.version + 1 };
  const row = { partitionKey, rowKey: roomRows.room, ...values };
  const told = act ? [auditInsert(partitionKey, act)] : [];
  const [etag = ''] = await transact('rooms', [{ type: 'merge', etag: room.etag, row }, ...told]);
  return { ...room, ...values, etag };
}

/** Writes the room row as it is, so that no change that read it before can succeed any more. Throws `WriteConflict`. */
export async function touchRoomRow({ partitionKey, rowKey, etag, state }: StoredRoom): Promise<void> {
  await write('rooms', { type: 'merge', etag, row: { partitionKey, rowKey, state } });
}

/** Changes the room row and the log row together, so that no append runs on what was. Throws `WriteConflict`. */
export async function changeRoomAndLog(
  room: StoredRoom,
  change: Partial<RoomRow>,
  logChange: Partial<LogRow>,
  act?: Act,
): Promise<StoredRoom> {
  const partitionKey = room.partitionKey;
  const log = await readRow<LogRow>('rooms', partitionKey, roomRows.log);
  if (!log) throw new WriteConflict('missing', undefined, undefined);
  const values = { ...change, version: room.version + 1 };
  const [etag = ''] = await transact('rooms', [
    { type: 'merge', etag: room.etag, row: { partitionKey, rowKey: roomRows.room, ...values } },
    { type: 'merge', etag: log.etag, row: { partitionKey, rowKey: roomRows.log, ...logChange } },
    ...(act ? [auditInsert(partitionKey, act)] : []),
  ]);
  return { ...room, ...values, etag };
}

/** Removes the last rows of a closed room, which nobody changes any more. */
export async function removeRoom(roomId: string): Promise<void> {
  const rows = [roomRows.room, roomRows.log].map((rowKey) => ({ partitionKey: roomId, rowKey }));
  try {
    await transact(
      'rooms',
      rows.map((row) => ({ type: 'delete', row, etag: '*' })),
    );
  } catch (error) {
    if (!(error instanceof WriteConflict && error.kind === 'missing')) throw error;
  }
}

/** Keys of up to `limit` rows of one kind, for erasing. */
export async function rowKeysOf(roomId: string, kind: RoomRowKind, limit: number): Promise<string[]> {
  const { from, to } = roomRows.range(kind);
  const filter = odata`PartitionKey eq ${roomId} and RowKey ge ${from} and RowKey lt ${to}`;
  const page = await readPage<object>('rooms', filter, { limit, select: ['PartitionKey', 'RowKey'] });
  return page.rows.map((row) => row.rowKey);
}

/** Removes at most 100 rows of a room. Rows that another step removed first are no error. */
export async function removeRows(roomId: string, rowKeys: string[]): Promise<void> {
  const remove = (rowKey: string) => ({
    type: 'delete' as const,
    row: { partitionKey: roomId, rowKey },
    etag: '*',
  });
  try {
    if (rowKeys.length > 0) await transact('rooms', rowKeys.map(remove));
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
    // A step that ran twice: one by one, whatever is left.
    for (const rowKey of rowKeys) {
      await write('rooms', remove(rowKey)).catch((failure: unknown) => {
        if (!(failure instanceof WriteConflict)) throw failure;
      });
    }
  }
}
