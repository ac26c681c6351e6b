/** Table `keys`: by the user id of who made it a row for each API key that has not been revoked. */
import { odata, readPage, readRow, write, WriteConflict, type Row } from '../platform/tables.ts';

export interface KeyRow {
  name: string;
  /** SHA-256 of the key, hexadecimal. */
  hash: string;
  prefix: string;
  /** Ids, as JSON. */
  rooms: string;
  /** Calls, as JSON. */
  calls: string;
  created_at: string;
  /** '' for a key that does not end by itself. */
  expires_at: string;
  /** To the hour; '' where it was never used. */
  last_used_at: string;
}
export type StoredKey = Row<KeyRow>;

export function readKeyRow(ownerId: string, keyId: string): Promise<StoredKey | undefined> {
  return readRow<KeyRow>('keys', ownerId, keyId);
}

export async function insertKey(ownerId: string, keyId: string, row: KeyRow): Promise<void> {
  await write('keys', { type: 'insert', row: { partitionKey: ownerId, rowKey: keyId, ...row } });
}

/** Whether there was one. */
export async function deleteKey(ownerId: string, keyId: string): Promise<boolean> {
  try {
    await write('keys', { type: 'delete', etag: '*', row: { partitionKey: ownerId, rowKey: keyId } });
    return true;
  } catch (error) {
    if (error instanceof WriteConflict) return false;
    throw error;
  }
}

/** Notes when a key was used last, unless it changed or went meanwhile. */
export async function markUsed(known: StoredKey, last_used_at: string): Promise<void> {
  const { partitionKey, rowKey, etag } = known;
  try {
    await write('keys', { type: 'merge', etag, row: { partitionKey, rowKey, last_used_at } });
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
  }
}

/** A person's keys by id: nobody has more than one page. */
export async function readKeys(ownerId: string): Promise<StoredKey[]> {
  return (await readPage<KeyRow>('keys', odata`PartitionKey eq ${ownerId}`, { limit: 1_000 })).rows;
}
