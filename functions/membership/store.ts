/** Table `memberships` (what decides access), and the member rows with the count in table `rooms`. */
import type { Role } from '../../contract/rooms.ts';
import { unescapeKey } from '../platform/keys.ts';
import { roomRows } from '../platform/room-rows.ts';
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

/** Only `member` gives access. The other two are on their way, and whoever meets one finishes it. */
export interface MembershipRow {
  state: 'joining' | 'member' | 'leaving';
  role: Role;
  joined_at: string;
  /** Number of the newest message that counts as read. */
  last_read: number;
  /** When something of it was last read or changed; orders the groups of a new connection. */
  used_at: string;
}
export type StoredMembership = Row<MembershipRow>;

interface MemberRow {
  name: string;
  role: Role;
  joined_at: string;
}

const keys = (userId: string, roomId: string) => ({ partitionKey: userId, rowKey: roomId });

export function readMembership(userId: string, roomId: string): Promise<StoredMembership | undefined> {
  return readRow<MembershipRow>('memberships', userId, roomId);
}

/** Throws `WriteConflict` where there is one, or it changed since it was read. */
export async function writeMembership(
  keyed: { userId: string; roomId: string },
  row: MembershipRow,
  known?: StoredMembership,
): Promise<StoredMembership> {
  const values = { ...keys(keyed.userId, keyed.roomId), ...row };
  const etag = known
    ? await write('memberships', { type: 'replace', etag: known.etag, row: values })
    : await write('memberships', { type: 'insert', row: values });
  return { ...values, etag };
}

/** Removes the row as it was read. Throws `WriteConflict` where it changed. */
export async function deleteMembership(known: StoredMembership): Promise<void> {
  const { partitionKey, rowKey, etag } = known;
  await write('memberships', { type: 'delete', etag, row: { partitionKey, rowKey } });
}

/** Removes the row whatever it says: its room is gone. */
export async function forgetMembership(userId: string, roomId: string): Promise<void> {
  try {
    await write('memberships', { type: 'delete', etag: '*', row: keys(userId, roomId) });
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
  }
}

/** A person's memberships, by room id. One page of one partition. */
export async function readMemberships(
  userId: string,
  options: { after?: string | undefined; limit: number },
): Promise<{ rows: StoredMembership[]; next?: string }> {
  const after = options.after ?? '';
  const filter = odata`PartitionKey eq ${userId} and RowKey gt ${after}`;
  const { rows, continuation } = await readPage<MembershipRow>('memberships', filter, {
    limit: options.limit,
  });
  const last = rows.at(-1);
  return { rows, ...(continuation !== undefined && last && { next: last.rowKey }) };
}

/** Adds or removes the member row and changes the room's count and version with it. Throws `WriteConflict`. */
export async function changeMembers(
  room: { partitionKey: string; etag: string; member_count: number; version: number },
  change: { add: string; row: MemberRow } | { remove: string },
): Promise<{ member_count: number; version: number }> {
  const { partitionKey } = room;
  const userId = 'add' in change ? change.add : change.remove;
  const member_count = room.member_count + ('add' in change ? 1 : -1);
  const version = room.version + 1;
  const row = { partitionKey, rowKey: roomRows.member(userId) };
  const actions: Action[] = [
    {
      type: 'merge',
      etag: room.etag,
      row: { partitionKey, rowKey: roomRows.room, member_count, version },
    },
    'add' in change ? { type: 'insert', row: { ...row, ...change.row } } : { type: 'delete', etag: '*', row },
  ];
  await transact('rooms', actions);
  return { member_count, version };
}

export async function hasMemberRow(roomId: string, userId: string): Promise<boolean> {
  return (await readRow('rooms', roomId, roomRows.member(userId))) !== undefined;
}

/** A room's member rows by user id: one page of one partition. */
export async function readMembers(
  roomId: string,
  options: { after?: string | undefined; limit: number },
): Promise<{ members: (MemberRow & { user_id: string })[]; next?: string }> {
  const range = roomRows.range('member');
  const from = options.after ?? range.from;
  const filter = odata`PartitionKey eq ${roomId} and RowKey gt ${from} and RowKey lt ${range.to}`;
  const { rows, continuation } = await readPage<MemberRow>('rooms', filter, { limit: options.limit });
  const last = rows.at(-1);
  return {
    members: rows.map(({ rowKey, name, role, joined_at }) => ({
      user_id: unescapeKey(rowKey.slice(range.from.length)),
      name,
      role,
      joined_at,
    })),
    ...(continuation !== undefined && last && { next: last.rowKey }),
  };
}
