/** Table `emails`: whose e-mail it is. A row per address, under its hash, in one of 256 partitions. */
import { createHash } from 'node:crypto';
import { readRow, write, WriteConflict, type Row } from '../platform/tables.ts';

interface EmailRow {
  user_id: string;
}
export type StoredEmail = Row<EmailRow>;

function keysOf(email: string): { partitionKey: string; rowKey: string } {
  const rowKey = createHash('sha256').update(email).digest('hex');
  return { partitionKey: rowKey.slice(0, 2), rowKey };
}

export function readEmail(email: string): Promise<StoredEmail | undefined> {
  const { partitionKey, rowKey } = keysOf(email);
  return readRow<EmailRow>('emails', partitionKey, rowKey);
}

/** Stores a new address, or one in the place of `known`. Throws `WriteConflict` where another was faster. */
export async function writeEmail(
  email: string,
  userId: string,
  known: StoredEmail | undefined,
): Promise<void> {
  const row = { ...keysOf(email), user_id: userId };
  await write('emails', known ? { type: 'replace', row, etag: known.etag } : { type: 'insert', row });
}

/** Removes an address as it was read; one that changed meanwhile stays. */
export async function deleteEmail({ partitionKey, rowKey, etag }: StoredEmail): Promise<void> {
  try {
    await write('emails', { type: 'delete', etag, row: { partitionKey, rowKey } });
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
  }
}
