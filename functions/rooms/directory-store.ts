/** Table `directory`: one row for each name in use, in the order of names; the insert that takes a name. */
import type { Room } from '../../contract/rooms.ts';
import { escapeKey } from '../platform/keys.ts';
import { odata, readPage, readRow, write, WriteConflict, type Row } from '../platform/tables.ts';

type DirectoryRow = Omit<Room, 'id'> & { room_id: string };

const partitionKey = 'rooms';
/** Above every character that a key holds. */
const highest = '\uffff';

const toRow = ({ id, ...rest }: Room): DirectoryRow => ({ room_id: id, ...rest });

const toRoom = (row: Row<DirectoryRow>): Room => ({
  id: row.room_id,
  name: row.name,
  description: row.description,
  created_by: row.created_by,
  created_at: row.created_at,
  member_count: row.member_count,
  version: row.version,
});

/** Who has a name (normalised) in the directory. */
export async function readEntry(name: string): Promise<{ room: Room; etag: string } | undefined> {
  const row = await readRow<DirectoryRow>('directory', partitionKey, escapeKey(name));
  return row && { room: toRoom(row), etag: row.etag };
}

/** Takes a name. Throws `WriteConflict` (`exists`) where somebody has it. */
export async function insertEntry(name: string, room: Room): Promise<void> {
  await write('directory', {
    type: 'insert',
    row: { partitionKey, rowKey: escapeKey(name), ...toRow(room) },
  });
}

/** Throws `WriteConflict` where the entry changed since it was read. */
export async function replaceEntry(name: string, room: Room, etag: string): Promise<void> {
  await write('directory', {
    type: 'replace',
    etag,
    row: { partitionKey, rowKey: escapeKey(name), ...toRow(room) },
  });
}

/** Gives a name back if it is still this room's. */
export async function deleteEntry(name: string, roomId: string): Promise<void> {
  const entry = await readEntry(name);
  if (entry?.room.id !== roomId) return;
  try {
    const row = { partitionKey, rowKey: escapeKey(name) };
    await write('directory', { type: 'delete', etag: entry.etag, row });
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
    // A count changed meanwhile, or somebody else gave it back.
    await deleteEntry(name, roomId);
  }
}

export interface DirectoryPage {
  rooms: Room[];
  /** The key after which the next page begins. */
  next?: string;
}

/** Rooms whose normalised names begin with `prefix`, after a key, in order: one page of one partition. */
export async function readEntries(
  prefix: string,
  after: string | undefined,
  limit: number,
): Promise<DirectoryPage> {
  const from = escapeKey(prefix);
  const filter =
    after === undefined
      ? odata`PartitionKey eq ${partitionKey} and RowKey ge ${from} and RowKey lt ${from + highest}`
      : odata`PartitionKey eq ${partitionKey} and RowKey gt ${after} and RowKey lt ${from + highest}`;
  const { rows, continuation } = await readPage<DirectoryRow>('directory', filter, { limit });
  const last = rows.at(-1);
  return { rooms: rows.map(toRoom), ...(continuation !== undefined && last && { next: last.rowKey }) };
}
