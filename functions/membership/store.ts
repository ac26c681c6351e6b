/** Table `memberships` (what decides access), and the member rows with the count in table `rooms`. */
import type { Role } from '../../contract/rooms.ts';
import { auditInsert, type Act } from '../platform/audit-rows.ts';
import { escapeKey, unescapeKey } from '../platform/keys.ts';
import { roomRows, type MemberRow } from '../platform/room-rows.ts';
import {
  odata,
  readAll,
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
  /** The lowest number that they may read; absent for 1. */
  first?: number;
  /** By what they may come into a room that not everybody may join: an invitation, a request; absent where open. */
  admitted?: boolean;
  /** While they are being put out: what the audit trail says once they are, as JSON; '' for nothing. */
  leaving_act?: string;
  /** While they are being banned: once they are out of the groups, their connections are closed. */
  closing?: boolean;
  /** Number of the newest message that counts as read. */
  last_read: number;
  /** Until when they may not write here; absent or '' where they may. */
  muted_until?: string;
  /** In slow mode: when they wrote last, and the id of that message. */
  sent_at?: string;
  sent_id?: string;
  /** When something of it was last read or changed; orders the groups of a new connection. */
  used_at: string;
}
export type StoredMembership = Row<MembershipRow>;

const keys = (userId: string, roomId: string) => ({ partitionKey: escapeKey(userId), rowKey: roomId });

export function readMembership(userId: string, roomId: string): Promise<StoredMembership | undefined> {
  return readRow<MembershipRow>('memberships', escapeKey(userId), roomId);
}

/** Throws `WriteConflict` (`exists`) where there is one already. */
export async function insertMembership(
  userId: string,
  roomId: string,
  row: MembershipRow,
): Promise<StoredMembership> {
  const values = { ...keys(userId, roomId), ...row };
  return { ...values, etag: await write('memberships', { type: 'insert', row: values }) };
}

/** Throws `WriteConflict` where it changed since it was read. */
export async function changeMembership(
  known: StoredMembership,
  change: Partial<MembershipRow>,
): Promise<void> {
  const { partitionKey, rowKey, etag } = known;
  await write('memberships', { type: 'merge', etag, row: { partitionKey, rowKey, ...change } });
}

/** Removes the row as it was read. Throws `WriteConflict` where it changed. */
export async function deleteMembership(known: StoredMembership): Promise<void> {
  const { partitionKey, rowKey, etag } = known;
  await write('memberships', { type: 'delete', etag, row: { partitionKey, rowKey } });
}

/** Removes the row whatever it says. */
export async function deleteMembershipOf(userId: string, roomId: string): Promise<void> {
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
  const filter = odata`PartitionKey eq ${escapeKey(userId)} and RowKey gt ${after}`;
  const { rows, continuation } = await readPage<MembershipRow>('memberships', filter, {
    limit: options.limit,
  });
  const last = rows.at(-1);
  return { rows, ...(continuation !== undefined && last && { next: last.rowKey }) };
}

/** How a member row changes: `add` and `remove` change the count with it, `replace` does not. */
export type MemberChange =
  | { kind: 'add' | 'replace'; userId: string; row: MemberRow }
  | { kind: 'remove'; userId: string; heir?: Heir | undefined };

/** Who owns the room once its owner is out of it, and what the audit trail says of that. */
export interface Heir {
  userId: string;
  act: Act;
}

/** Changes a member row, and the room's count and version with it. Throws `WriteConflict`. */
export async function changeMembers(
  room: { partitionKey: string; etag: string; member_count: number; version: number },
  change: MemberChange,
  act?: Act,
): Promise<void> {
  const { partitionKey } = room;
  const { kind, userId } = change;
  const member_count = room.member_count + { add: 1, replace: 0, remove: -1 }[kind];
  const heir = kind === 'remove' ? change.heir : undefined;
  const owner = heir ? { owner: heir.userId } : {};
  const counted = { partitionKey, rowKey: roomRows.room, member_count, version: room.version + 1, ...owner };
  const row = { partitionKey, rowKey: roomRows.member(userId) };
  const member: Action =
    kind === 'remove'
      ? { type: 'delete', etag: '*', row }
      : { type: kind === 'add' ? 'insert' : 'upsert', row: { ...row, ...change.row } };
  // The room's ETag guards both: no member row changes without it.
  const told = [act, heir?.act].flatMap((each) => (each ? [auditInsert(partitionKey, each)] : []));
  const risen = heir ? [roleMerge(partitionKey, { userId: heir.userId, role: 'owner' })] : [];
  await transact('rooms', [{ type: 'merge', etag: room.etag, row: counted }, member, ...risen, ...told]);
}

/** The room's ETag guards it: no member row changes without it. */
const roleMerge = (partitionKey: string, { userId, role }: { userId: string; role: Role }): Action => ({
  type: 'merge',
  etag: '*',
  row: { partitionKey, rowKey: roomRows.member(userId), role },
});

/** Changes the roles of members, and the owner with them. Throws `WriteConflict` where the room changed. */
export async function changeRoles(
  room: { partitionKey: string; etag: string; version: number },
  roles: { userId: string; role: Role }[],
  { owner, act }: { owner?: string; act: Act },
): Promise<void> {
  const { partitionKey, etag, version } = room;
  const changed = {
    partitionKey,
    rowKey: roomRows.room,
    version: version + 1,
    ...(owner !== undefined && { owner }),
  };
  await transact('rooms', [
    { type: 'merge', etag, row: changed },
    ...roles.map((one) => roleMerge(partitionKey, one)),
    auditInsert(partitionKey, act),
  ]);
}

export function readMember(roomId: string, userId: string): Promise<Row<MemberRow> | undefined> {
  return readRow<MemberRow>('rooms', roomId, roomRows.member(userId));
}

/** Those of a room's members who are more than members. Few, and looked for among all: not for a hot path. */
export async function readModerators(roomId: string): Promise<(MemberRow & { user_id: string })[]> {
  const { from, to } = roomRows.range('member');
  const filter = odata`PartitionKey eq ${roomId} and RowKey gt ${from} and RowKey lt ${to} and role ne ${'member'}`;
  const found: (MemberRow & { user_id: string })[] = [];
  for await (const row of readAll<MemberRow>('rooms', filter)) found.push(toMember(row));
  return found;
}

const toMember = ({ rowKey, name, role, joined_at }: Row<MemberRow>): MemberRow & { user_id: string } => ({
  user_id: unescapeKey(rowKey.slice(roomRows.range('member').from.length)),
  name,
  role,
  joined_at,
});

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
    members: rows.map(toMember),
    ...(continuation !== undefined && last && { next: last.rowKey }),
  };
}
