/** All that is stored of a room, or of people, as it can be compared: keys and ETags of the rows. */
import { odata, readAll, type TableName } from '../../functions/platform/tables.ts';

async function rowsOf(table: TableName, filter: string): Promise<string[]> {
  const rows: string[] = [];
  for await (const { partitionKey, rowKey, etag } of readAll(table, filter))
    rows.push(`${table} ${partitionKey} ${rowKey} ${etag}`);
  return rows;
}

export async function stateOf(roomId: string): Promise<string[]> {
  const found = await Promise.all([
    rowsOf('rooms', odata`PartitionKey eq ${roomId}`),
    rowsOf('memberships', odata`RowKey eq ${roomId}`),
    rowsOf('invitations', odata`RowKey eq ${roomId}`),
  ]);
  return found.flat();
}

export async function stateOfPeople(): Promise<string[]> {
  const tables = ['users', 'emails', 'sessions', 'keys', 'blocks', 'rooms'] as const;
  const found = await Promise.all(tables.map((table) => rowsOf(table, odata`PartitionKey ne ${''}`)));
  return found.flat();
}
