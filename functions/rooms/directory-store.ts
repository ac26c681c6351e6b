/** Table `directory`: one row for each name in use, in the order of names; the insert that takes a name. */
import { systemUser } from '../../contract/names.ts';
import type { Room } from '../../contract/rooms.ts';
import { escapeKey } from '../platform/keys.ts';
import { odata, readPage, readRow, write, type Row } from '../platform/tables.ts';

type Late = 'kind' | 'history' | 'slow_mode_seconds' | 'owner';
/** What came late is absent in rows that are older. */
type DirectoryRow = Omit<Room, 'id' | Late> & Partial<Pick<Room, Late>> & { room_id: string };

const partitionKey = 'rooms';
/** Above every character that a key holds. */
const highest = '\uffff';

const toRow = ({ id, ...rest }: Room): DirectoryRow => ({ room_id: id, ...rest });

const toRoom = (row: Row<DirectoryRow>): Room => ({
  id: row.room_id,
  name: row.name,
  description: row.description,
  kind: row.kind ?? 'open',
  history: row.history ?? 'all',
  slow_mode_seconds: row.slow_mode_seconds ?? 0,
  created_by: row.created_by,
  owner: row.owner ?? (row.created_by === systemUser ? '' : row.created_by),
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

/** Throws `WriteConflict` where the entry changed since it was read. */
export async function deleteEntry(name: string, etag: string): Promise<void> {
  await write('directory', { type: 'delete', etag, row: { partitionKey, rowKey: escapeKey(name) } });
}

export interface DirectoryPage {
  rooms: Room[];
  /** The key after which the next page begins. */
  next?: string;
}

export interface Wanted {
  /** What the names begin with, normalised. */
  prefix: string;
  /** The key after which the page begins. */
  after: string | undefined;
  limit: number;
}

/** Rooms in the order of their names: one page of one partition, however many there are. */
export async function readEntries({ prefix, after, limit }: Wanted): Promise<DirectoryPage> {
  const from = escapeKey(prefix);
  const start = after !== undefined && after >= from ? odata`RowKey gt ${after}` : odata`RowKey ge ${from}`;
  const filter = `${odata`PartitionKey eq ${partitionKey}`} and ${start} and ${odata`RowKey lt ${from + highest}`}`;
  const { rows, continuation } = await readPage<DirectoryRow>('directory', filter, { limit });
  const last = rows.at(-1);
  return { rooms: rows.map(toRoom), ...(continuation !== undefined && last && { next: last.rowKey }) };
}
