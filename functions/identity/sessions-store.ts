/** Table `sessions`: by user id a row for each session, which is one family of refresh tokens. */
import { odata, readPage, readRow, write, WriteConflict, type Row } from '../platform/tables.ts';

export interface SessionRow {
  /** SHA-256 of the one refresh token that is good now, hexadecimal. */
  hash: string;
  /** The person's generation when they signed in. */
  generation: number;
  started_at: string;
  expires_at: string;
}
export type StoredSession = Row<SessionRow>;

export function readSession(userId: string, sessionId: string): Promise<StoredSession | undefined> {
  return readRow<SessionRow>('sessions', userId, sessionId);
}

export async function insertSession(userId: string, sessionId: string, row: SessionRow): Promise<void> {
  await write('sessions', { type: 'insert', row: { partitionKey: userId, rowKey: sessionId, ...row } });
}

/** Throws `WriteConflict` where it changed since it was read. */
export async function changeSession(known: StoredSession, change: Partial<SessionRow>): Promise<void> {
  const { partitionKey, rowKey, etag } = known;
  await write('sessions', { type: 'merge', etag, row: { partitionKey, rowKey, ...change } });
}

export async function deleteSession(userId: string, sessionId: string): Promise<void> {
  try {
    const row = { partitionKey: userId, rowKey: sessionId };
    await write('sessions', { type: 'delete', etag: '*', row });
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
  }
}

/** Ids of up to 1,000 sessions of a person. */
export async function readSessionIds(userId: string): Promise<string[]> {
  const page = await readPage('sessions', odata`PartitionKey eq ${userId}`, {
    limit: 1_000,
    select: ['RowKey'],
  });
  return page.rows.map(({ rowKey }) => rowKey);
}
