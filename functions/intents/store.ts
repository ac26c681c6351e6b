/** Table `intents`: one row for each change that is under way over more than one partition. */
import { odata, readAll, write, WriteConflict, type Row } from '../platform/tables.ts';

interface IntentRow {
  kind: string;
  data: string;
}

export async function insertIntent(partition: string, id: string, row: IntentRow): Promise<void> {
  await write('intents', { type: 'insert', row: { partitionKey: partition, rowKey: id, ...row } });
}

/** Whether it is still there or was removed meanwhile. */
export async function putIntent(partition: string, id: string, row: IntentRow): Promise<void> {
  await write('intents', { type: 'upsert', row: { partitionKey: partition, rowKey: id, ...row } });
}

export async function deleteIntent(partition: string, id: string): Promise<void> {
  try {
    await write('intents', { type: 'delete', row: { partitionKey: partition, rowKey: id }, etag: '*' });
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
  }
}

/** Rows that the storage wrote before `date`, of all partitions: there are few, because changes end soon. */
export function intentsBefore(date: Date): AsyncGenerator<Row<IntentRow>> {
  return readAll<IntentRow>('intents', odata`Timestamp lt ${date}`);
}
