/** Table `blocks`: by user id a row for each person whose messages they do not want to see. */
import { escapeKey } from '../platform/keys.ts';
import { odata, readPage, write, WriteConflict } from '../platform/tables.ts';

export interface BlockRow {
  user_id: string;
  /** As it was when they were blocked. */
  name: string;
}

const keys = (userId: string, blocked: string) => ({
  partitionKey: escapeKey(userId),
  rowKey: escapeKey(blocked),
});

export async function writeBlock(userId: string, block: BlockRow): Promise<void> {
  await write('blocks', { type: 'upsert', row: { ...keys(userId, block.user_id), ...block } });
}

export async function deleteBlock(userId: string, blocked: string): Promise<void> {
  try {
    await write('blocks', { type: 'delete', etag: '*', row: keys(userId, blocked) });
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
  }
}

/** At most `limit` of a person's blocks, by the ids of those they blocked. */
export async function readBlocks(userId: string, limit: number): Promise<BlockRow[]> {
  const filter = odata`PartitionKey eq ${escapeKey(userId)}`;
  const { rows } = await readPage<BlockRow>('blocks', filter, { limit });
  return rows.map(({ user_id, name }) => ({ user_id, name }));
}
