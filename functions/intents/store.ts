/** Table `intents`: one row for each change that is under way over more than one partition. */
import { odata, readAll, write, WriteConflict, type Row } from '../platform/tables.ts';

interface IntentRow {
  kind: string;
  data: string;
}

export async function insertIntent(partition: string, id: string, row: IntentRow): Promise<void> {
  await write('intents', { type: 'insert', row: { partitionKey: partition, rowKey: id, ...row } });
}

export async function deleteIntent(partition: string, id: string): Promise<void> {
  try {
    await write('intents', { type: 'delete', row: { partitionKey: partition, rowKey: id }, etag: '*' });
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
  }
}

/** Rows of a partition that the storage wrote before `date`. */
export function intentsBefore(partition: string, date: Date): AsyncGenerator<Row<IntentRow>> {
  return readAll<IntentRow>('intents', odata`PartitionKey eq ${partition} and Timestamp lt ${date}`);
}
