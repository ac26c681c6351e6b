/**
 * Invitations and requests to join. In table `rooms`, in the room's partition: a row for each invitation and each
 * request. In table `invitations`: by user id a row for each room that somebody is invited to, so that they find it;
 * and by the hash of its secret a row for each link.
 */
import { createHash } from 'node:crypto';
import { auditInsert, type Act } from '../platform/audit-rows.ts';
import { escapeKey } from '../platform/keys.ts';
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

export interface InvitationRow {
  id: string;
  /** '' for a link. */
  user_id: string;
  user_name: string;
  invited_by: string;
  invited_by_name: string;
  created_at: string;
  expires_at: string;
  uses_left: number;
}

export interface RequestRow {
  user_id: string;
  name: string;
  note: string;
  requested_at: string;
}

/** The room row's key and ETag, and how many requests wait in it. */
export interface RoomKey {
  partitionKey: string;
  etag: string;
  requests_waiting?: number;
}

const ofRoom = (roomId: string, kind: 'invitation' | 'request'): string => {
  const { from, to } = roomRows.range(kind);
  return odata`PartitionKey eq ${roomId} and RowKey ge ${from} and RowKey lt ${to}`;
};

/** Adds an invitation. Throws `WriteConflict` where the room changed. */
export async function insertInvitation(room: RoomKey, row: InvitationRow, act: Act): Promise<void> {
  const { partitionKey, etag } = room;
  await transact('rooms', [
    { type: 'merge', etag, row: { partitionKey, rowKey: roomRows.room } },
    { type: 'insert', row: { partitionKey, rowKey: roomRows.invitation(row.id), ...row } },
    auditInsert(partitionKey, act),
  ]);
}

/** Changes how often an invitation can still be used, or removes it at 0. Throws `WriteConflict` where it changed. */
export async function useInvitation(row: Row<InvitationRow>, usesLeft: number, act: Act): Promise<void> {
  const { partitionKey, rowKey, etag } = row;
  // A deletion in a transaction looks at no ETag: the merge does, so used up is a row with no uses left.
  await transact('rooms', [
    { type: 'merge', etag, row: { partitionKey, rowKey, uses_left: usesLeft } },
    auditInsert(partitionKey, act),
  ]);
}

export function readInvitation(roomId: string, id: string): Promise<Row<InvitationRow> | undefined> {
  return readRow<InvitationRow>('rooms', roomId, roomRows.invitation(id));
}

/** All of a room, the oldest first; at most 1,000. */
export async function readInvitations(roomId: string): Promise<Row<InvitationRow>[]> {
  return (await readPage<InvitationRow>('rooms', ofRoom(roomId, 'invitation'), { limit: 1_000 })).rows;
}

/** An invitation as the invited person finds it, under the room's id; or a link, under the hash of its secret. */
export interface PointerRow {
  room_id: string;
  /** The invitation's id. */
  id: string;
  expires_at: string;
}

const links = 'links';
const hash = (secret: string): string => createHash('sha256').update(secret).digest('hex');

export async function writeInvited(userId: string, row: PointerRow): Promise<void> {
  const keys = { partitionKey: escapeKey(userId), rowKey: row.room_id };
  await write('invitations', { type: 'upsert', row: { ...keys, ...row } });
}

export async function writeLink(secret: string, row: PointerRow): Promise<void> {
  await write('invitations', { type: 'insert', row: { partitionKey: links, rowKey: hash(secret), ...row } });
}

export function readInvited(userId: string, roomId: string): Promise<Row<PointerRow> | undefined> {
  return readRow<PointerRow>('invitations', escapeKey(userId), roomId);
}

export function readLink(secret: string): Promise<Row<PointerRow> | undefined> {
  return readRow<PointerRow>('invitations', links, hash(secret));
}

/** At most 200 rooms that somebody is invited to. */
export async function readAllInvited(userId: string): Promise<Row<PointerRow>[]> {
  const filter = odata`PartitionKey eq ${escapeKey(userId)}`;
  return (await readPage<PointerRow>('invitations', filter, { limit: 200 })).rows;
}

export async function deleteInvited(userId: string, roomId: string): Promise<void> {
  try {
    const row = { partitionKey: escapeKey(userId), rowKey: roomId };
    await write('invitations', { type: 'delete', etag: '*', row });
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
  }
}

export function readRequest(roomId: string, userId: string): Promise<Row<RequestRow> | undefined> {
  return readRow<RequestRow>('rooms', roomId, roomRows.request(userId));
}

/** All of a room; at most 1,000. */
export async function readRequests(roomId: string): Promise<Row<RequestRow>[]> {
  return (await readPage<RequestRow>('rooms', ofRoom(roomId, 'request'), { limit: 1_000 })).rows;
}

const count = ({ partitionKey, etag, requests_waiting = 0 }: RoomKey, more: 1 | -1): Action => ({
  type: 'merge',
  etag,
  row: { partitionKey, rowKey: roomRows.room, requests_waiting: Math.max(0, requests_waiting + more) },
});

/** Adds a request that waits. Throws `WriteConflict`. */
export async function insertRequest(room: RoomKey, row: RequestRow, act: Act): Promise<void> {
  const { partitionKey } = room;
  await transact('rooms', [
    count(room, 1),
    { type: 'insert', row: { partitionKey, rowKey: roomRows.request(row.user_id), ...row } },
    auditInsert(partitionKey, act),
  ]);
}

/** Takes a request away that was read under the room's ETag. Throws `WriteConflict`. */
export async function deleteRequest(room: RoomKey, userId: string, act?: Act): Promise<void> {
  const { partitionKey } = room;
  await transact('rooms', [
    count(room, -1),
    { type: 'delete', etag: '*', row: { partitionKey, rowKey: roomRows.request(userId) } },
    ...(act ? [auditInsert(partitionKey, act)] : []),
  ]);
}
